"""The largest pictures, many at once: every one is taken or refused by a sentence, and memory stays bounded."""

import base64
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.faults.conftest import Target

VISITORS = 24
MOST = 790.0  # MB above the start: requests, two pictures being unpacked, those that wait, the one that is translated


def photograph(width: int = 4000, height: int = 3000) -> str:
    """A picture as a phone makes it, a data URI; of 12 million pixels, 5 MB."""
    noise = np.random.default_rng(0).integers(0, 256, (375, 500, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=90)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Target]:
    """A page whose memory nobody has used yet."""
    page = Target(tmp_path, LATENT_LAB_PROXIES="1")
    page.wait()
    yield page
    page.client.close()
    page.kill()


def test_many_large_pictures_at_once_take_a_bounded_memory(page: Target) -> None:
    address = photograph()
    component = next(number for number, names in page.stages().items() if "translate_picture" in names)
    page.ask(component, "translate_picture", {"image": photograph(64, 48)})  # what it needs is imported and loaded
    before = page.memory()

    def ask(_visitor: int) -> httpx.Response:
        return page.ask(component, "translate_picture", {"image": address})

    with ThreadPoolExecutor(VISITORS) as pool:
        answers = list(pool.map(ask, range(VISITORS)))
    taken = refused = 0
    for answer in answers:
        told = answer.json()
        if "job" in told:
            page.ask(component, "stop", {"job": told["job"]})
        taken += "job" in told or "after" in told
        refused += any("please try again" in told.get(field, "") for field in ("notice", "detail"))
    assert taken + refused == VISITORS, [answer.text[:200] for answer in answers]
    assert taken >= 3 and refused >= 3
    assert page.memory(peak=True) - before < MOST
    assert page.stop() == 0
