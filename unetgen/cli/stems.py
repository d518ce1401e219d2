"""What the files of a network are called: always a name that Python can import, beside whatever else it imports."""

from __future__ import annotations

from dataclasses import dataclass
from keyword import iskeyword
from typing import Final

_LIBRARY: Final = """
abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii
bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall
compression concurrent configparser contextlib contextvars copy copyreg cProfile crypt csv ctypes curses dataclasses
datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp
fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib
heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3
linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing
netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle
pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile profiling pstats pty pwd
py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched
secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3
sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys
sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token
tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid
venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib
zoneinfo
"""
"""The modules of the standard library from Python 3.11 on: by `sys.stdlib_module_names`, the Python that runs would say
what files are called that another one imports."""
_OTHERS: Final = frozenset(
    {
        "filelock", "fsspec", "functorch", "isympy", "jinja2", "markupsafe", "mpmath", "networkx", "numpy",
        "setuptools", "sitecustomize", "sympy", "torch", "torchgen", "triton", "typing_extensions", "unetgen",
        "usercustomize",
    }
)  # fmt: skip
"""What a script that uses a network imports, by way of torch as a rule: a file of that name beside it would hide it."""
_DEVICES: Final = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""What Windows takes for a device, whatever the ending and however it is written."""


@dataclass(frozen=True, slots=True)
class Stem:
    """What the files of a network are called, without their endings.

    Args:
        text: A name of a module in Python.
        reason: Why it is not simply the network's own name; empty where it is, but for `_` in place of `-`.
    """

    text: str
    reason: str = ""


def stem_of(name: str) -> Stem:
    """Make a name for files of the name of a network.

    Example:
        >>> stem_of("unet-2015").text, stem_of("torch").text, stem_of("class").text, stem_of("Con").text
        ('unet_2015', 'torch_net', 'class_net', 'Con_net')
        >>> stem_of("random").reason
        'random.py would hide a module of Python'
    """
    text = name.replace("-", "_")
    reason = _why_not(text)
    return Stem(f"{text}_net", reason) if reason else Stem(text)


def _why_not(text: str) -> str:
    if iskeyword(text):
        return f"{text} is a word of Python, which cannot be imported"
    if text in _LIBRARY.split():
        return f"{text}.py would hide a module of Python"
    if text in _OTHERS:
        return f"{text}.py would hide the package {text}"
    return f"Windows has no files called {text}" if text.lower() in _DEVICES else ""
