"""models.load: what is found where, and what is said when it is not."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from models import NetworkUnavailable, load
from models.gan import Discriminator, DiscriminatorConfig, Generator, GeneratorConfig, generate
from models.loading import find_offered
from tests.networks import tiny_generator
from trainer.export import save_network


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "little"
    save_network(tiny_generator(latent_size=4, width=2), folder)
    save_network(Discriminator(DiscriminatorConfig(resolution=16, channels=1, width=2)), folder / "discriminator")
    return folder


def test_a_folder_needs_no_flag_to_load(folder: Path) -> None:
    network = load(folder)
    assert isinstance(network, Generator)
    assert network.config == GeneratorConfig(resolution=16, channels=1, latent_size=4, width=2)
    assert not network.training
    assert load(str(folder)) is network  # kept


def test_half_precision_on_disk_costs_nothing_visible(tmp_path: Path) -> None:
    network = tiny_generator(resolution=32, channels=3)
    save_network(network, tmp_path / "n")
    difference = generate(load(tmp_path / "n"), count=8).astype(int) - generate(network, count=8)
    assert abs(difference).max() <= 1


def test_parts_load_too(folder: Path) -> None:
    assert isinstance(load(folder, part="discriminator"), Discriminator)


def test_the_hub_mixin_reads_what_we_write(folder: Path) -> None:
    network = Generator.from_pretrained(str(folder))
    assert (generate(network, count=2) == generate(load(folder), count=2)).all()


def test_a_replaced_network_is_read_again(folder: Path) -> None:
    before = load(folder)
    save_network(tiny_generator(latent_size=4, width=2, seed=1), folder)
    assert load(folder) is not before


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(NetworkUnavailable, match=r"no network 'nothing'; choose one of faces-128, portraits-128"):
        load("nothing")


def test_a_network_that_was_not_made_yet_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_LAB_WEIGHTS", str(tmp_path))
    with pytest.raises(
        NetworkUnavailable, match=r"has no config.json. Make it with: python -m trainer gan --data celeba64"
    ):
        load("faces-celeba-64")


def test_strangers_cannot_name_a_path(folder: Path) -> None:
    for name in (str(folder), "../weights/faces-celeba-64", "weights", "/etc", "a/b/c", "", "..", "../..", "a/.."):
        with pytest.raises(NetworkUnavailable):
            find_offered(name, "gan-generator")


def change_config(folder: Path, **changes: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def test_a_missing_part_is_named(folder: Path) -> None:
    with pytest.raises(NetworkUnavailable, match=r"The network encoder has no config\.json"):
        load(folder, part="encoder")


def test_a_broken_file_is_said_to_be_broken(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"not tensors")
    with pytest.raises(NetworkUnavailable, match=r"model.safetensors of little is broken"):
        load(folder)


def test_a_truncated_file_is_said_to_be_broken(folder: Path) -> None:
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])
    with pytest.raises(NetworkUnavailable, match=r"model.safetensors of little is broken"):
        load(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"family": "a-horse"}', "{}", '{"family": "gan-generator", "legs": 4}', '"gan"']
)
def test_a_config_of_something_else_is_refused(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(NetworkUnavailable, match=r"does not describe a network of ours"):
        load(folder)


def test_a_false_config_is_found_out_before_memory_is_taken(folder: Path) -> None:
    change_config(folder, resolution=256, width=100_000)  # 4e13 parameters
    with pytest.raises(NetworkUnavailable, match="do not fit the gan-generator"):
        load(folder)


def test_wrong_tensors_are_refused(folder: Path) -> None:
    save_file({"layers.0.weight": torch.zeros(1)}, folder / "model.safetensors")
    with pytest.raises(NetworkUnavailable, match="do not fit"):
        load(folder)
