"""Implementations that are installed: `package.module:callable`, as the command line names them.

What runs here is code that the user named on the command line. No spec can name any.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from torch import nn

from unetgen.source.problem import CannotVerify


def build_installed(name: str, arguments: Mapping[str, object]) -> nn.Module:
    """Import a class or a function and call it with keyword arguments.

    Raises:
        CannotVerify: It cannot be imported, refuses the arguments, or gives no module.
    """
    call = f"{name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"
    try:
        made = _find(name)(**arguments)  # type: ignore[operator]  # whether it is callable shows here
    except CannotVerify:
        raise
    except Exception as error:  # whatever a stranger's constructor raises, the user must see it
        raise CannotVerify(f"{call} fails: {type(error).__name__}: {error}", "give other `--arg`s") from error
    if not isinstance(made, nn.Module):
        raise CannotVerify(f"{call} gives {type(made).__name__}, which is no torch module")
    return made


def _find(name: str) -> object:
    module, colon, path = name.partition(":")
    if not (module and colon and path):
        help = "write `--against monai.networks.nets:UNet`, or the path of a vector, which ends in .npz"
        raise CannotVerify(f'"{name}" is not of the form package.module:callable', help)
    try:
        found: object = import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
    except ImportError as error:
        raise CannotVerify(f'cannot import "{module}": {error}', "install the package that has it") from None
    except AttributeError as error:
        raise CannotVerify(f'"{module}" has no "{path}": {error}') from None
    return found
