"""Networks that visitors bring: to the tab that takes them, by whatever they type, and nobody else's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gradio.utils import get_upload_folder
from playwright.sync_api import expect

from models import load
from models.checkpoints.repository import to_hub_name
from models.gan import generate
from server.uploads import UploadedNetworks
from tabs.networks import called
from tabs.sample import handlers, tab
from tabs.sample.drawing import Drawing
from tabs.sample.networks import adopted
from tabs.sample.painting import paint
from tabs.translate import tab as translate
from tabs.upscale import tab as upscale
from tests.conftest import Visit
from tests.test_published_dcgan import Examples, lively
from tests.test_reference import resnet
from tests.test_reference_upscalers import published
from tests.test_sample_tab import alike, faces, wait_for


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  someone/sharp ", "someone/sharp"),
        ("someone/sharp/4x.pth", "someone/sharp/4x.pth"),
        ("https://huggingface.co/someone/sharp", "someone/sharp"),
        ("https://huggingface.co/someone/sharp/", "someone/sharp"),
        ("https://huggingface.co/someone/sharp/tree/main", "someone/sharp"),
        ("https://huggingface.co/someone/sharp/blob/main/sub/4x.pth", "someone/sharp/sub/4x.pth"),
        ("http://www.huggingface.co/someone/sharp/resolve/main/4x.pth?download=true", "someone/sharp/4x.pth"),
        ("huggingface.co/someone/sharp/blob/main/a/550000.pt#file", "someone/sharp/a/550000.pt"),
        ("someone/main/main/4x.pth", "someone/main/main/4x.pth"),
    ],
)
def test_names_of_the_hub_and_addresses_of_its_pages(typed: str, name: str) -> None:
    assert str(to_hub_name(typed)) == called(typed) == name


@pytest.mark.parametrize("typed", ["", "faces-128", "../../etc", "https://example.com/someone/sharp", "own-abc"])
def test_anything_else_stays_as_it_is(typed: str) -> None:
    assert to_hub_name(typed) is None
    assert called(typed) == typed


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of uploads of our own."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))


def sent(content: object, name: str) -> dict[str, str]:
    """What a script says of a file that it has uploaded."""
    file = Path(get_upload_folder()) / "0" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.save(content, file)
    return {"path": str(file)}


ANY: dict[str, Callable[[], dict[str, Any]]] = {
    "upscaler": lambda: {"params": published("srvgg", 4)},
    "translator": lambda: dict(resnet(blocks=6, width=2)),
    "generator": lambda: lively(Examples()).state_dict(),
}


@pytest.mark.parametrize("kind", ANY)
def test_a_network_is_taken_by_its_tab_and_the_others_name_it(kind: str) -> None:
    tabs: dict[str, Any] = {"upscaler": upscale.adopt, "translator": translate.adopt, "generator": tab.adopt}
    title = {"upscaler": "an upscaler, which the tab Upscale", "translator": "a translator, which the tab Translate",
             "generator": "a generator, which the tab Sample"}[kind]  # fmt: skip
    for name, adopt in tabs.items():
        fields = sent(ANY[kind](), "a.pth")
        answer = adopt(fields)
        assert not Path(fields["path"]).exists()
        if name == kind:
            assert answer["model"].startswith("own-") and len(answer["model"]) > 20
        else:
            assert answer == {"trouble": f"This file is {title} opens."}
        for path in ("/etc/passwd", "../../etc/passwd", "", None):
            assert "There is no such upload" in adopt({"path": path})["notice"]


def test_a_file_that_goes_while_it_is_read_is_no_error() -> None:
    def read(file: Path) -> str:
        file.unlink()  # as the one who took it twice did
        return "network"

    networks: UploadedNetworks[str] = UploadedNetworks(read)
    assert networks.get(networks.take(sent({}, "a.pth")["path"])) == "network"


def test_a_generator_of_a_visitor_is_drawn_and_has_no_link(weights: Path) -> None:
    theirs = lively(Examples())
    model = tab.adopt(sent(theirs.state_dict(), "netG.pth"))["model"]
    drawing = Drawing(model=model, seed=3, count=2, truncation=1)
    pictures, _ = paint(drawing)
    assert np.array_equal(pictures, generate(adopted.get(model), seed=3, count=2))
    _, code, card, network, *_ = handlers.show_everything(drawing)
    assert set(code.values()) == {""} and card.startswith("Your own network")
    assert network.choices[-1] == ("Your file", model) and len(network.choices) > 4
    shown = handlers.show(Drawing(model="own-somebodys"))[0]
    assert shown == {"mode": "trouble", "text": "Your network is no longer in memory; open its file again."}


def test_a_visitor_brings_a_generator(visit: Visit, tmp_path: Path) -> None:
    page = visit("?seed=4&count=2&truncation=1")
    wait_for(page, "seed=4&")
    theirs = lively(Examples())
    torch.save(theirs.state_dict(), tmp_path / "netG.pth")
    page.locator("#own summary").click()
    page.locator("#own .wb-weights-file").set_input_files(tmp_path / "netG.pth")
    wait_for(page, "model=own-")
    mine = generate(load(tmp_path / "netG.pth"), seed=4, count=2)
    shown = faces(page)
    means = shown.reshape(2, 64, shown.shape[1] // 64, 64, -1, 3).mean((2, 4))  # of what each pixel became
    assert np.corrcoef(means.ravel(), mine.ravel())[0, 1] > 0.85  # smoothed
    expect(page.locator("#network input")).to_have_value("Your file")
    torch.save(resnet(blocks=6, width=2), tmp_path / "latest_net_G.pth")
    page.locator("#own .wb-weights-file").set_input_files(tmp_path / "latest_net_G.pth")
    expect(page.locator("#own .notice")).to_have_text("This file is a translator, which the tab Translate opens.")
    page.locator("#own .wb-hub").fill("https://huggingface.co/someone/network")
    page.locator("#own .wb-load").click()
    expect(page.locator("#stage .notice")).to_contain_text("and someone/network is not on this machine")
    assert alike(faces(page), shown)  # nothing is lost
    page.get_by_role("button", name="Face 2 of 2").click()
    wait_for(page, "path=2")
    page.locator("#network input").click()
    page.get_by_role("option", name="Faces, mixture of Gaussians").click()
    wait_for(page, "model=faces-mixture-64")
    page.locator("#network input").click()
    page.get_by_role("option", name="Your file").click()
    wait_for(page, "model=own-")
