"""Weights of 8 bits: known answers, round trips, files, and the command that stores a folder anew."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from huggingface_hub import PyTorchModelHubMixin
from safetensors.torch import load_file, save_file
from skimage.data import chelsea

from data.degradation import degrade
from models import NetworkUnavailable, load
from models.gan import Generator, generate
from models.loading import FAMILIES
from models.quantization import LEAST, SCALE, Network, dequantize, dequantized, quantize, quantized, stored_in_8_bits
from models.super_resolution import SuperResolution, SuperResolutionConfig, upscale
from tests.networks import tiny_generator, tiny_translation, write_tiny_networks
from trainer.__main__ import main
from trainer.cards import STORED
from trainer.compact import Change, Compacting, compact, described
from trainer.export import files_table, save_network


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_known_levels() -> None:
    levels, scale = quantize(torch.tensor([[1.27, -0.635, 0.0], [0.0, 254.0, 2.0]]), (0,))
    assert scale.tolist() == [[pytest.approx(0.01)], [2.0]]
    assert levels.tolist() == [[127, -64, 0], [0, 127, 1]]
    assert levels.dtype == torch.int8
    assert dequantize(levels, scale)[1].tolist() == [0.0, 254.0, 2.0]


@pytest.mark.parametrize(
    ("shape", "dimensions"),
    [
        *(((3, 5), (0,)), ((1, 7), (1,)), ((5, 1, 3), (0, 1)), ((4, 6, 3, 3), (1,))),
        *(((4, 6, 3, 3), (0, 1)), ((2, 1, 1, 1, 9), (0,)), ((2, 3, 1, 1, 9), (0, 1, 2))),
    ],
)
def test_the_error_is_at_most_half_a_step(shape: tuple[int, ...], dimensions: tuple[int, ...]) -> None:
    tensor = noise(*shape)
    levels, scale = quantize(tensor, dimensions)
    assert scale.numel() == math.prod(shape[number] for number in dimensions)
    assert ((dequantize(levels, scale) - tensor).abs() <= 0.5001 * scale).all()


def test_slices_of_nothing_stay_nothing() -> None:
    tensor = noise(3, 4)
    tensor[1] = 0
    levels, scale = quantize(tensor, (0,))
    assert torch.isfinite(scale).all()
    assert (dequantize(levels, scale)[1] == 0).all()
    assert (dequantize(*quantize(torch.zeros(2, 3), (1,))) == 0).all()


def test_the_dimension_that_loses_less_has_the_scales() -> None:
    rows = noise(64, 64) * torch.logspace(-3, 3, 64)[:, None]
    assert quantized({"w": rows})["w" + SCALE].shape == (64, 1)
    assert quantized({"w": rows.T})["w" + SCALE].shape == (1, 64)
    matrices = noise(4, 64, 128) * torch.logspace(-3, 3, 256).reshape(4, 64, 1)
    assert quantized({"w": matrices})["w" + SCALE].shape == (4, 64, 1)
    assert quantized({"w": matrices[:, :, :31]})["w" + SCALE].shape == (1, 64, 1)  # else too many scales


def test_small_tensors_and_vectors_are_not_made_coarser() -> None:
    state = {"bias": noise(LEAST), "little": noise(3, 4), "count": torch.tensor(7), "levels": torch.ones(70, 70).long()}
    stored = quantized(state)
    assert stored.keys() == state.keys()
    assert torch.equal(stored["bias"], state["bias"])
    assert stored["little"].dtype == torch.float16
    assert torch.equal(stored["levels"], state["levels"])


def test_storing_twice_changes_nothing_more() -> None:
    once = dequantized(quantized({"w": noise(80, 90)}))
    twice = dequantized(quantized(once))
    assert (once["w"] - twice["w"]).abs().max() < 1e-6


def test_int8_tensors_of_a_network_itself_stay() -> None:
    state = {"w": torch.ones(3, dtype=torch.int8), "other.scale": torch.ones(3)}
    assert dequantized(state).keys() == state.keys()


def wide_generator() -> Generator:
    return tiny_generator(resolution=32, channels=3, width=16, latent_size=16)


def test_a_folder_of_8_bits_loads_and_draws_the_same(tmp_path: Path) -> None:
    network = wide_generator()
    save_network(network, tmp_path / "half")
    save_network(network, tmp_path / "n", "int8")
    sizes = [(tmp_path / name / "model.safetensors").stat().st_size for name in ("half", "n")]
    assert sizes[1] < 0.6 * sizes[0]
    assert (
        stored_in_8_bits(tmp_path / "half/model.safetensors"),
        stored_in_8_bits(tmp_path / "n/model.safetensors"),
    ) == (
        False,
        True,
    )
    drawn = generate(load(tmp_path / "n"), count=8)
    assert abs(drawn.astype(int) - generate(network, count=8)).mean() < 1
    assert (generate(Generator.from_pretrained(str(tmp_path / "n")).eval(), count=8) == drawn).all()


def test_scales_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    save_network(wide_generator(), tmp_path / "n", "int8")
    file = tmp_path / "n" / "model.safetensors"
    whole = load_file(file)
    name = next(name for name in whole if name.endswith(SCALE))
    for wrong in (torch.ones(3), torch.ones(100_000, 1, 1, 1), torch.ones(2, *whole[name].shape)):
        save_file({**whole, name: wrong}, file)
        with pytest.raises(NetworkUnavailable, match="do not fit the gan-generator"):
            load(tmp_path / "n")
    save_file({key: tensor for key, tensor in whole.items() if key != name.removesuffix(SCALE)}, file)
    with pytest.raises(NetworkUnavailable, match="do not fit the gan-generator"):
        load(tmp_path / "n")


def test_scales_that_are_missing_or_no_numbers_are_refused(tmp_path: Path) -> None:
    save_network(wide_generator(), tmp_path / "n", "int8")
    file = tmp_path / "n" / "model.safetensors"
    whole = load_file(file)
    name = next(name for name in whole if name.endswith(SCALE))
    wrong = [{key: tensor for key, tensor in whole.items() if key != name}]
    wrong += [{**whole, name: tensor} for tensor in (whole[name] * torch.nan, whole[name].long())]
    for state in wrong:
        save_file(state, file)
        with pytest.raises(NetworkUnavailable, match="is broken"):
            load(tmp_path / "n")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_reads_8_bits_from_the_hub_too(family: str) -> None:
    network_class = FAMILIES[family]
    assert issubclass(network_class, Network) and issubclass(network_class, PyTorchModelHubMixin)
    assert network_class.load_state_dict is Network.load_state_dict


# --- the command ---------------------------------------------------------------------------------------------------

CARD = """# tiny

A generator. Tensors are stored as 16-bit
floats and computed with as 32-bit ones.

## Limits
- It is tiny.

## Files
| file | bytes | sha256 |
|---|---|---|
"""


def with_card(folder: Path) -> Path:
    (folder / "README.md").write_text(CARD + files_table(folder) + "\n", encoding="utf-8")
    return folder


def test_the_command_stores_a_folder_anew_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_tiny_networks(tmp_path / "tiny", channels=3, steps=(5,))
    save_network(wide_generator(), folder)
    with_card(folder)
    before = generate(load(folder), count=4)
    assert main(["compact", str(folder)]) == 0
    assert "by 0." in capsys.readouterr().out
    assert stored_in_8_bits(folder / "model.safetensors")
    assert abs(generate(load(folder), count=4).astype(int) - before).mean() < 1
    card = (folder / "README.md").read_text()
    assert f"A generator. Tensors are {STORED['int8']}." in card
    assert "## Limits\n- Its weights are stored in 8 bits. Against those of 16 bits" in card
    assert "- It is tiny." in card
    assert files_table(folder).splitlines()[-1] in card
    assert not list(folder.rglob("*.new"))
    assert main(["compact", str(folder)]) == 1
    assert "is stored in 8 bits already" in capsys.readouterr().err


def test_a_translator_is_measured_with_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_network(tiny_translation(width=16), tmp_path / "t")
    assert main(["compact", str(with_card(tmp_path / "t"))]) == 1
    assert "name pictures to measure it with by --data" in capsys.readouterr().err
    assert not stored_in_8_bits(tmp_path / "t" / "model.safetensors")


def test_an_upscaler_is_measured_with_photographs(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = SuperResolution(SuperResolutionConfig(scale=2, width=32, depth=2)).eval()  # wide enough for 8 bits
    save_network(network, tmp_path / "u")
    small = degrade(chelsea(), 4)
    before = upscale(load(tmp_path / "u"), small, 2).astype(int)
    change = compact(Compacting(with_card(tmp_path / "u")))
    assert isinstance(change, Change) and change.count == 4
    assert stored_in_8_bits(tmp_path / "u" / "model.safetensors")
    assert 0 < change.mean < 2
    largest = np.abs(upscale(load(tmp_path / "u"), small, 2).astype(int) - before).max()
    assert 0 < largest <= change.largest


def test_a_network_that_draws_nothing_has_no_change_to_tell(tmp_path: Path) -> None:
    folder = write_tiny_networks(tmp_path / "n", steps=(5,)) / "discriminator"
    assert compact(Compacting(with_card(folder))) is None
    assert "8-bit integers" in (folder / "README.md").read_text()


def test_a_card_of_other_words_keeps_them() -> None:
    assert described("# A network\n", None) == "# A network\n"
