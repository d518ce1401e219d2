"""Laws: what holds for every spec that the language allows, and for every text that it does not.

Each example draws one spec and holds everything against it, so that a few hundred examples stay cheap;
`test_laws_deep.py` holds the same laws for thousands.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
import yaml
from hypothesis import HealthCheck, given, settings

from tests.conftest import TESTS
from tests.law_checks import LAWS, TEXT_LAWS, Subject
from tests.spec_strategies import Drawn, corrupted_specs, legal_specs, specs, write_yaml
from unetgen.api import emit, parse
from unetgen.compiler.pipeline import compile_spec
from unetgen.source.diagnostics import SpecError
from unetgen.source.diagnostics.model import Diagnostic

CASES = sorted((TESTS / "cases/laws").glob("*.yaml"))
EXAMPLES = 500
# The same specs every time: new ones are `test_laws_deep`'s to find. About one draw in three is refused.
MANY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
# torch says so of every even kernel with `padding="same"`; the copy that it speaks of is meant.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning")


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@MANY
@given(legal_specs())
def test_what_is_said_of_a_network_is_what_torch_does(drawn: Drawn) -> None:
    subject = Subject(drawn)
    for law in LAWS:
        law(subject)


@settings(MANY, max_examples=EXAMPLES // 4)
@given(legal_specs())
def test_what_is_written_of_a_network_is_that_network(drawn: Drawn) -> None:
    subject = Subject(drawn)
    for law in TEXT_LAWS:
        law(subject)


def test_emitted_files_are_always_the_same_and_need_no_formatting(tmp_path: Path) -> None:
    assert_files_need_no_formatting(tmp_path, MANY)


def assert_files_need_no_formatting(folder: Path, many: settings) -> None:
    """Emit drawn specs into a folder, and all that once broke a law; let ruff look at all of them at once."""

    @many
    @given(legal_specs())
    def write(drawn: Drawn) -> None:
        text = write_yaml(drawn.plain)
        source = emit(parse(text))
        assert emit(parse(text)) == source
        (folder / f"network{len(list(folder.iterdir()))}.py").write_text(source)

    write()
    for path in CASES:
        (folder / f"{path.stem.replace('-', '_')}.py").write_text(emit(path))
    for command in (["format", "--check", "--diff"], ["check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--quiet", str(folder)]
        ran = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout[:4000] + ran.stderr


@MANY
@given(specs() | corrupted_specs())
def test_every_refusal_has_a_place_and_a_way_out(plain: dict[str, object]) -> None:
    assert_refusals_are_helpful(plain)


def assert_refusals_are_helpful(plain: dict[str, object]) -> None:
    """Compile a spec, right or wrong; hold what it is refused for, if anything, to its promises."""
    text = write_yaml(plain)
    try:
        compile_spec(parse(text))
    except SpecError as error:
        for finding in error.diagnostics:
            _assert_helpful(finding, text)


def _assert_helpful(finding: Diagnostic, text: str) -> None:
    lines = text.split("\n")
    assert finding.headline and not finding.headline.endswith(".")
    assert finding.help, f"no way out: {finding.headline}"
    assert finding.labels, f"no place: {finding.headline}"
    for label in finding.labels:
        assert label.span.source.text == text
        assert label.span.column <= len(lines[label.span.line - 1]) + 1


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_once_broke_a_law_keeps_them_all(path: Path) -> None:
    text = path.read_text()
    form, network = compile_spec(parse(text))
    subject = Subject(Drawn(yaml.safe_load(text), form, network))
    for law in (*LAWS, *TEXT_LAWS):
        law(subject)
