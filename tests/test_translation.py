"""Picture to picture: sizes, directions, what stays, what is carried over to large pictures, what the critics say."""

import numpy as np
import pytest
import torch
from skimage.data import astronaut
from torch import nn

from models import InvalidInput, load, merging
from models.architectures.translators import LightGenerator, PatchDiscriminator, ResNetGenerator, UNetGenerator
from models.merging import difference, enlarge, guided, reduce
from models.translation import (
    Picture,
    Translation,
    TranslationConfig,
    directions,
    nearest,
    outlier_score,
    realism_map,
    snap,
    translate,
    working_size,
)
from tests.networks import tiny_mapper, tiny_translation
from trainer.export import save_network
from trainer.families.cyclegan import measure_likeness


def quiet(share: float) -> None:
    """A progress that nobody watches."""


def noise(*shape: int, seed: int = 0) -> Picture:
    """A picture of noise."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def keeping(network: Translation, share: float) -> Translation:
    """The network with masks of one level and black as its only new content."""
    for generator in network.generators:
        assert isinstance(generator, LightGenerator)
        last = generator.finish[0]
        assert isinstance(last, nn.Conv2d) and last.bias is not None
        nn.init.zeros_(last.weight)
        last.bias[:] = -20.0  # tanh: black
        last.bias[-4:] = float(np.log(share / (1 - share))) - 2 if share < 1 else 40.0  # sigmoid(bias + 2)
    return network


# --- networks ----------------------------------------------------------------------------------------------------


def test_a_full_mask_keeps_every_pixel() -> None:
    picture = noise(36, 64, 3)
    assert np.array_equal(translate(keeping(tiny_translation(), 1.0), picture, "day-to-night"), picture)


def test_half_a_mask_is_halfway_to_the_new_content() -> None:
    picture = noise(36, 64, 3)
    drawn = translate(keeping(tiny_translation(), 0.5), picture, "night-to-day")
    assert np.abs(drawn.astype(int) - np.round(picture / 2)).max() <= 1


@pytest.mark.parametrize("height,width", [(9, 8), (36, 64), (37, 51), (144, 256), (301, 97), (20, 900)])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_result_has_the_size_and_channels_of_its_picture(height: int, width: int, channels: int) -> None:
    picture = noise(height, width, channels)
    drawn = translate(tiny_translation(), picture, "day-to-night")
    assert drawn.shape == picture.shape
    assert drawn.dtype == np.uint8
    assert channels < 4 or np.array_equal(drawn[:, :, 3], picture[:, :, 3])  # opacity is kept
    assert not np.array_equal(drawn[:, :, 0], picture[:, :, 0])


def test_a_network_works_at_the_area_it_was_trained_at() -> None:
    config = TranslationConfig(pixels=256 * 144)
    assert working_size(config, 100, 200) == (100, 200)
    height, width = working_size(config, 3000, 4000)
    assert height % config.step == width % config.step == 0
    assert height * width == pytest.approx(config.pixels, rel=0.03)
    assert width / height == pytest.approx(4 / 3, rel=0.03)
    unet = TranslationConfig(architecture="unet", halvings=8, norm="batch", keeps=False, paired=True, pixels=256 * 256)
    assert working_size(unet, 100, 70) == (256, 256)


def test_a_colour_face_keeps_its_colours() -> None:
    network = tiny_translation(domains=("neutral", "smiling"), channels=1, pixels=64 * 64, merge="difference")
    picture = noise(64, 64, 3)
    change = translate(network, picture, "neutral-to-smiling").astype(int) - picture
    inside = (picture > 130) & (picture < 135)
    assert change.any()
    assert len(np.unique(change[10, 10])) == 1 or not inside[10, 10].all()  # the same change in R, G and B


def test_the_same_picture_gives_the_same_result_and_a_seed_moves_the_noise() -> None:
    network, picture = tiny_translation(noise_size=3), noise(36, 64, 3)
    nn.init.normal_(network.generators[0].noise.weight, 0, 5)  # type: ignore[union-attr,arg-type]
    plain = translate(network, picture, "day-to-night")
    assert np.array_equal(plain, translate(network, picture, "day-to-night"))
    one, two = (translate(network, picture, "day-to-night", seed=seed) for seed in (1, 2))
    assert not np.array_equal(one, two)
    assert np.array_equal(one, translate(network, picture, "day-to-night", seed=1))


def test_the_reference_networks_have_the_size_their_papers_say() -> None:
    def size(network: nn.Module) -> int:
        return sum(parameter.numel() for parameter in network.parameters())

    with torch.device("meta"):
        assert size(ResNetGenerator(3, 3, width=64, blocks=9, norm="instance")) == 11_378_179
        assert size(UNetGenerator(3, 3, width=64, halvings=8, norm="batch")) == 54_413_955
        assert size(PatchDiscriminator(3, width=64)) == 2_764_737


@pytest.mark.parametrize("architecture,halvings,norm", [("resnet", 1, "instance"), ("unet", 7, "batch")])
def test_the_reference_networks_translate(architecture: str, halvings: int, norm: str) -> None:
    config = TranslationConfig(
        architecture=architecture, halvings=halvings, norm=norm, width=4, blocks=2, keeps=False, both=False,
        paired=architecture == "unet", critic_width=0, pixels=128 * 128,
    )  # fmt: skip
    torch.manual_seed(0)
    network = Translation(config).eval()
    assert directions(network) == ["day-to-night"]
    assert translate(network, noise(90, 160, 3), "day-to-night").shape == (90, 160, 3)


def test_a_patch_of_the_discriminator_is_70_px_wide() -> None:
    critic = PatchDiscriminator(3, width=4)
    for number, layer in enumerate(critic.model):
        if isinstance(layer, nn.InstanceNorm2d):  # looks at the whole picture for its statistics
            critic.model[number] = nn.Identity()
    x = torch.zeros(1, 3, 128, 128, requires_grad=True)
    logits = critic(x)
    assert logits.shape == (1, 1, 14, 14)
    logits[0, 0, 7, 7].backward()
    assert x.grad is not None
    touched = x.grad[0].abs().sum(0).nonzero()
    assert (touched.max(0).values - touched.min(0).values + 1).tolist() == [70, 70]


# --- maps of labels ----------------------------------------------------------------------------------------------


def test_colours_snap_to_the_nearest_class() -> None:
    config = tiny_mapper().config
    colours = config.colours.astype(int)
    shaken = (colours + np.random.default_rng(0).integers(-12, 13, colours.shape)).clip(0, 255).astype(np.uint8)
    assert snap(config, shaken[None])[0].tolist() == list(range(len(colours)))
    assert nearest(config, config.colours[None])[1].max() == 0


def test_a_map_becomes_a_photograph_and_a_photograph_a_map() -> None:
    network = tiny_mapper()
    asked = network.config.colours[np.random.default_rng(1).integers(0, 21, (70, 90))]
    photograph = translate(network, asked, "labels-to-photos")
    assert photograph.shape == (70, 90, 3)
    small = translate(network, photograph[:48, :48], "photos-to-labels")
    assert set(map(tuple, small.reshape(-1, 3).tolist())) <= set(map(tuple, network.config.colours.tolist()))


def test_reducing_a_map_mixes_no_colours() -> None:
    config = tiny_mapper().config
    asked = config.colours[np.random.default_rng(1).integers(0, 21, (300, 400))]
    small = reduce(asked, 30, 40, mix=False)
    assert nearest(config, small)[1].max() == 0
    assert nearest(config, reduce(asked, 30, 40))[1].max() > 20


# --- carrying over -----------------------------------------------------------------------------------------------


def test_what_is_darker_by_half_when_small_is_so_when_large() -> None:
    picture = np.ascontiguousarray(astronaut()[:480, :500])
    before = reduce(picture, 96, 100)
    carried = guided(picture, before, before // 2, quiet)
    error = np.abs(carried.astype(int) - picture // 2)
    assert error.mean() < 3  # grey levels
    blurred = enlarge(picture, before, before // 2, quiet)
    assert error.mean() < 0.4 * np.abs(blurred.astype(int) - picture // 2).mean()  # sharper than enlarging


def test_a_lamp_in_a_dark_sky_is_carried_over() -> None:
    picture = np.full((200, 200, 3), 90, np.uint8)
    before = reduce(picture, 50, 50)
    after = before // 3
    after[20:24, 30:34] = 255
    carried = guided(picture, before, after, quiet)
    assert carried[88, 128].min() > 240
    assert abs(int(carried[150, 20, 0]) - 30) <= 1


def test_no_change_is_carried_over_as_none() -> None:
    picture = noise(200, 300, 3)
    before = reduce(picture, 40, 60)
    assert np.array_equal(difference(picture, before, before, quiet), picture)


@pytest.mark.parametrize("merge", [guided, difference, enlarge])
def test_strips_leave_no_seam(merge: object, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.ascontiguousarray(astronaut()[:400, :300])
    before = reduce(picture, 100, 75)
    after = 255 - before
    whole = merge(picture, before, after, quiet)  # type: ignore[operator]
    monkeypatch.setattr(merging, "STRIP", 37)
    shares: list[float] = []
    assert np.abs(merge(picture, before, after, shares.append).astype(int) - whole).max() <= 1  # type: ignore[operator]
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_progress_can_stop_the_work() -> None:
    class Enough(Exception):
        pass

    def stop(share: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        translate(tiny_translation(), noise(400, 400, 3), "day-to-night", progress=stop)


# --- what the critics say ----------------------------------------------------------------------------------------


def test_the_discriminator_has_an_opinion_of_every_patch() -> None:
    network, picture = tiny_translation(), noise(144, 256, 3)
    drawn = translate(network, picture, "day-to-night")
    opinion = realism_map(network, picture, drawn, "day-to-night")
    assert opinion.shape == tuple(side // 8 - 2 for side in working_size(network.config, 144, 256))
    assert np.isfinite(opinion).all()
    maps = tiny_mapper()
    asked = maps.config.colours[np.zeros((64, 64), int)]
    assert realism_map(maps, asked, translate(maps, asked, "labels-to-photos"), "labels-to-photos").shape == (6, 6)
    with pytest.raises(InvalidInput, match="no discriminator for photos-to-labels"):
        realism_map(maps, asked, asked, "photos-to-labels")


def test_strange_pictures_are_far_and_usual_ones_are_not() -> None:
    network = tiny_translation(critic_width=16, pixels=96 * 160)
    assert outlier_score(network, noise(96, 160, 3), "day-to-night") is None  # not measured
    usual = np.stack([noise(96, 160, 3, seed=n) for n in range(48)])
    measure_likeness(network, (usual[:32], usual[:32]), (usual[32:], usual[32:]))
    assert max(outlier_score(network, picture, "day-to-night") or 0 for picture in usual) < 1.3
    stripes = np.tile(np.array([0, 0, 255, 255], np.uint8)[None, :, None], (96, 40, 3))
    assert (outlier_score(network, stripes, "day-to-night") or 0) > 1.5


def test_a_photograph_is_no_map() -> None:
    network = tiny_mapper()
    asked = network.config.colours[np.random.default_rng(1).integers(0, 21, (70, 90))]
    assert outlier_score(network, asked, "labels-to-photos") == 0
    assert (outlier_score(network, np.ascontiguousarray(astronaut()), "labels-to-photos") or 0) > 1


# --- errors and files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "picture,sentence",
    [
        (np.zeros((20, 20), np.uint8), r"Expected a uint8 picture \(H, W, C\)"),
        (np.zeros((20, 20, 3), np.float32), "got float32"),
        (np.zeros((20, 20, 5), np.uint8), r"C from 1 to 4; got uint8 \(20, 20, 5\)"),
        (np.zeros((4, 20, 3), np.uint8), "The picture is 20 x 4 px; from 8 px a side to 12.5 million"),
        (np.zeros((4000, 4000, 1), np.uint8), "4000 x 4000 px"),
    ],
)
def test_other_arrays_are_refused(picture: Picture, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        translate(tiny_translation(), picture, "day-to-night")


def test_an_unknown_direction_names_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="this network goes day-to-night or night-to-day"):
        translate(tiny_translation(), noise(36, 64, 3), "day-to-noon")


@pytest.mark.parametrize(
    "changes,sentence",
    [
        ({"domains": ("day",)}, "two names of letters and digits"),
        ({"architecture": "transformer"}, "light, resnet, unet, nearest-unet, anime are accepted"),
        ({"channels": 2}, "The number of channels is 2"),
        ({"width": 0}, "width is 0"),
        ({"merge": "paste"}, "guided, difference, enlarge"),
        ({"palette": ("road",), "paired": True, "keeps": False}, "'road' is no class and its colour"),
        ({"palette": ("road #804080",), "keeps": False}, "learned in pairs"),
        ({"palette": ("road #804080",), "paired": True}, "set keeps to false"),
        ({"eyes": (0.3, 0.4, 0.7)}, "x and y of the left and the right one"),
        ({"eyes": (0.7, 0.4, 0.3, 0.4)}, "x and y of the left and the right one"),
    ],
)
def test_a_config_that_cannot_be_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        TranslationConfig(**changes)  # type: ignore[arg-type]


def test_a_folder_gives_the_same_network_back(tmp_path: object) -> None:
    for network, picture, direction in (
        (tiny_translation(), noise(36, 64, 3), "night-to-day"),
        (tiny_mapper(), tiny_mapper().config.colours[noise(32, 32, 1)[:, :, 0] % 21], "labels-to-photos"),
    ):
        folder = tmp_path / direction  # type: ignore[operator]
        save_network(network, folder)
        again = load(folder)
        assert again.config == network.config
        change = translate(again, picture, direction).astype(int) - translate(network, picture, direction)
        assert np.abs(change).max() <= 2  # weights are rounded to 16 bits
