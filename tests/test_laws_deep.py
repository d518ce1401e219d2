"""The laws of `test_laws` over thousands of specs; for a quiet hour, or before a release: `make deep`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.law_checks import LAWS, TEXT_LAWS, Subject
from tests.spec_strategies import Drawn, corrupted_specs, legal_specs, specs
from tests.test_laws import assert_files_need_no_formatting, assert_refusals_are_helpful
from tests.test_normal import assert_options_may_stand_in_every_stage
from tests.test_renaming import hold_pictures, hold_texts

pytestmark = [
    pytest.mark.deep,
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning"),
]
MANY = settings(max_examples=int(os.environ.get("UNETGEN_EXAMPLES", "5000")), suppress_health_check=list(HealthCheck))


@MANY
@given(legal_specs())
def test_what_is_said_of_a_network_is_what_torch_does(drawn: Drawn) -> None:
    subject = Subject(drawn)
    for law in (*LAWS, *TEXT_LAWS):
        law(subject)


def test_emitted_files_are_always_the_same_and_need_no_formatting(tmp_path: Path) -> None:
    assert_files_need_no_formatting(tmp_path, MANY)


@MANY
@given(specs() | corrupted_specs())
def test_every_refusal_has_a_place_and_a_way_out(plain: dict[str, object]) -> None:
    assert_refusals_are_helpful(plain)


@MANY
@given(specs())
def test_an_option_of_the_spec_may_as_well_stand_in_every_stage(plain: dict[str, object]) -> None:
    assert_options_may_stand_in_every_stage(plain)


@MANY
@given(legal_specs())
def test_texts_and_pictures_under_other_names_differ_in_these_words_alone(drawn: Drawn) -> None:
    hold_texts(drawn.network, seed=5)
    hold_pictures(drawn.network, seed=5)
