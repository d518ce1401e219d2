"""The quick run needs no torch: it is collected here where none can be imported, and runs on CI where there is none."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.conftest import NOT_QUICK, TESTS

IMPORT = re.compile(r"^ *(import|from) torch\b", re.MULTILINE)
COLLECT = """
import pytest, sys
code = pytest.main(["--quick", "--collect-only", "-q", "-n0", "-p", "no:cacheprovider"])
assert sys.modules["torch"] is None, "torch can be imported"
raise SystemExit(code)
"""


def test_every_file_can_be_read_without_torch_or_is_named() -> None:
    ended = subprocess.run([sys.executable, "-c", COLLECT], cwd=TESTS.parent, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout
    quick = {line.partition("::")[0].removeprefix("tests/") for line in ended.stdout.splitlines() if "::" in line}
    assert quick.isdisjoint(NOT_QUICK)
    assert quick | NOT_QUICK == {path.name for path in TESTS.glob("test_*.py")}


def test_no_quick_test_imports_torch_while_it_runs() -> None:
    quick = (path for path in TESTS.glob("test_*.py") if path.name not in NOT_QUICK)
    assert [path.name for path in quick if IMPORT.search(path.read_text("utf-8"))] == []
