"""What is installed: a wheel with everything in it, and files that need nothing of it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

import unetgen
from tests.conftest import TESTS
from unetgen.language.zoo import zoo_names

ROOT = TESTS.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TEST_COMMAND = "pip install '.[test]' && pytest"

USE = """
import sys, torch
sys.modules["unetgen"] = None
from unet_2015 import UNet2015
with torch.device("meta"):
    net = UNet2015().eval()
    print(sum(p.numel() for p in net.parameters()))
    for size in (572, 604):
        print(*net(torch.empty(1, 1, size, size)).shape)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as `pip install .` does."""
    folder = tmp_path_factory.mktemp("dist")
    return Path(next(iter(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"]))))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel, far from the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def python(*args: str, path: Path, cwd: Path) -> str:
    """Run Python with only `path` added to what it can import, and give what it prints."""
    command = [sys.executable, *args]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, env={"PYTHONPATH": str(path)})
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_click_that_fails_on_every_command_with_a_spec_is_not_installed() -> None:
    (needed,) = (Requirement(line) for line in PROJECT["project"]["dependencies"] if line.startswith("click"))
    # `click.ParamType[str]`, by which arguments are typed, came with 8.4.
    assert not {*needed.specifier.filter(["8.2.0", "8.2.1", "8.3.3"])}
    assert needed.specifier.contains("8.4.0")


def test_the_wheel_holds_the_package_and_the_zoo(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"unetgen/specs/{name}.yaml" for name in zoo_names()} <= set(names)
    assert {"unetgen/py.typed", "unetgen/language/starter.yaml", "unetgen/cli/app.py"} <= set(names)
    assert {name.partition("/")[0] for name in names} == {"unetgen", f"unetgen-{unetgen.__version__}.dist-info"}


def test_an_installed_package_finds_its_zoo(installed: Path, tmp_path: Path) -> None:
    program = "import unetgen, unetgen.language.zoo as zoo; print(zoo.zoo_path('unet-2015')); print(*zoo.zoo_names())"
    path, names = python("-c", program, path=installed, cwd=tmp_path).splitlines()
    assert Path(path) == installed / "unetgen/specs/unet-2015.yaml"
    assert tuple(names.split()) == zoo_names()


def test_an_installed_package_builds_files_that_do_without_it(installed: Path, tmp_path: Path) -> None:
    python("-m", "unetgen", "build", "unet-2015", path=installed, cwd=tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {f"unet_2015.{kind}" for kind in ("py", "dot", "svg", "json")}
    shown = python("-c", USE, path=tmp_path, cwd=tmp_path)
    assert shown.splitlines() == ["31030658", "1 2 388 388", "1 2 420 420"]


def test_the_command_is_where_the_project_says() -> None:
    module, _, name = PROJECT["project"]["scripts"]["unetgen"].partition(":")
    program = f"from {module} import {name}; import sys; sys.argv[1:] = ['--version']; {name}()"
    assert python("-c", program, path=ROOT, cwd=ROOT) == f"unetgen {unetgen.__version__}\n"


def test_the_tests_are_run_as_the_readme_says() -> None:
    assert TEST_COMMAND in (ROOT / "README.md").read_text("utf-8")
    assert TEST_COMMAND in (ROOT / ".ci/run").read_text("utf-8").splitlines()


def test_what_other_programs_read_is_well_formed_and_names_this_version() -> None:
    forms = [ROOT / ".pre-commit-config.yaml", *(ROOT / ".github").rglob("*.yml")]
    assert len(forms) > 4 and all(yaml.safe_load(file.read_text("utf-8")) for file in forms)
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == unetgen.__version__
