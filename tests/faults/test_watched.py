"""The page itself, as its host watches it: health, figures, log."""

import json

import httpx
import pytest

from tests.faults.conftest import Starters, Target

SECRETS = ("secret-token", "10.0.0.")  # a game's name, and the addresses of visitors


@pytest.fixture(scope="module")
def pages(start_all: Starters) -> list[Target]:
    """One that is watched, and one that cannot reach its scores."""
    watched = {"LATENT_LAB_PROXIES": "1", "LATENT_LAB_LOG": "json", "LATENT_LAB_METRICS": "1"}
    return start_all(watched, {"DATABASE_URL": "sqlite:////proc/nowhere/scores.sqlite3"})


def test_the_page_tells_how_it_is(pages: list[Target]) -> None:
    page = pages[0]
    assert httpx.get(f"{page.address}/health", timeout=60).json() == {"status": "ok", "drawing": True, "scores": True}
    component = next(number for number, names in page.stages().items() if "game_open" in names)
    game = {"token": "secret-token-secret-token", "preset": "balanced", "rounds": 5}
    for function in ("game_open", "game_play"):
        assert "notice" not in page.ask(component, function, game).json()
    metrics = page.client.get("/metrics").text
    assert "latent_lab_games_training 1.0" in metrics
    for name in ("jobs_running 0.0", "jobs_waiting 0.0", "rounds_dealt_total 0.0"):
        assert f"latent_lab_{name}" in metrics
    for function in ("game_open", "game_play"):
        assert f'route="/gradio_api/component_server/{function}",status="200"}} 1.0' in metrics
    assert page.stop() == 0
    written = [line for line in page.log.read_text().splitlines() if line.startswith("{")]
    assert sum(json.loads(line)["event"] == "request" for line in written) >= 3
    assert not any(secret in line for line in written for secret in SECRETS)


def test_a_page_without_scores_is_not_well(pages: list[Target]) -> None:
    page = pages[1]
    answer = page.client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "drawing": True, "scores": False})
    assert page.stop() == 0
