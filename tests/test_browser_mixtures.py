"""The known answers for the mixtures of Gaussians that browsers fit: they are what Python comes to today."""

import json
from typing import Any

import pytest

from tests.known_mixtures import ASKED, CHOICES, FILE, FITS, answer, choice, fit

KNOWN = json.loads(FILE.read_text(encoding="utf-8"))
LARGEST = 20_000  # bytes of the file
AGREED = 1e-6  # other processors round other last digits


def agree(one: Any, other: Any) -> None:
    """Fails unless both are the same, numbers nearly."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for name in one:
            agree(one[name], other[name])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            agree(left, right)
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=AGREED)
    else:
        assert one == other


def test_random_choices_are_those_of_today() -> None:
    assert KNOWN["choices"] == [choice(*one) for one in CHOICES]
    assert FILE.stat().st_size < LARGEST


def test_fits_are_those_of_today() -> None:
    agree(KNOWN["fits"], [fit(*one) for one in FITS])


def test_answers_are_those_of_today() -> None:
    agree(KNOWN["answers"], json.loads(json.dumps([answer(one) for one in ASKED])))
