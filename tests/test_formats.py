"""Pictures in every format: the levels, colours, opacity and orientation that went in, by known values."""

import base64
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from media import formats
from media.colours import PRIMARIES, in_srgb, srgb_level, to_xyz
from media.formats import ACCEPT, ENDINGS, FORMATS, NAMES
from media.images import file_of
from media.incoming import read_address, remark_on
from media.jpeg_xl import measure
from media.opening import NotReadable, TooManyPixels, levels_of, opaque, open_content
from models.pixels import resize
from models.super_resolution import SuperResolution, SuperResolutionConfig
from models.super_resolution import upscale as enlarge
from models.translation import translate as change
from tabs.latent import face
from tabs.translate import tab as translate
from tabs.upscale import pictures as upscale
from tests.networks import tiny_translation

PIXELS = 10**6


def picture(size: tuple[int, int] = (128, 96)) -> Image.Image:
    """A smooth picture that JPEG hardly changes."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / 20
    planes = [np.sin(x * (1 + k / 5) + 7) * np.cos(y + k * 7) for k in range(3)]
    return Image.fromarray(((np.stack(planes, -1) + 1) * 127).astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    formats.readable()  # brings in the plugins, which write, too
    memory = io.BytesIO()
    image.save(memory, kind, **options)
    return memory.getvalue()


def tiff(values: NDArray[Any], **options: Any) -> bytes:
    """A TIFF with these numbers as they are."""
    memory = io.BytesIO()
    tifffile.imwrite(memory, values, **options)
    return memory.getvalue()


def read(content: bytes) -> tuple[NDArray[np.int64], str]:
    """Levels and remark of a file."""
    opened = open_content(content, largest_picture=PIXELS)
    return levels_of(opened).astype(int), remark_on(opened)


PHOTO = picture()
LEVELS = np.asarray(PHOTO).astype(int)
GREY = np.asarray(PHOTO.convert("L")).astype(int)[:, :, None]
OPTIONS: dict[str, Any] = {
    "JPEG": {"quality": 95}, "WEBP": {"lossless": True}, "AVIF": {"quality": 95}, "HEIF": {"quality": 95},
    "JXL": {"lossless": True}, "GIF": {},
}  # fmt: skip


@pytest.mark.parametrize("kind", [kind.pillow[0] for kind in FORMATS])
def test_every_format_comes_in_as_it_was(kind: str) -> None:
    levels, remark = read(encoded(PHOTO, kind, **OPTIONS.get(kind, {})))
    assert levels.shape == LEVELS.shape
    assert np.abs(levels - LEVELS).mean() < (12 if kind == "GIF" else 3)
    assert remark == ""


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "AVIF", "JXL", "JPEG2000"])
def test_grey_stays_grey_with_its_opacity(kind: str) -> None:
    opacity = np.linspace(0, 255, LEVELS.shape[1]).astype(np.uint8)[None].repeat(LEVELS.shape[0], 0)
    grey = PHOTO.convert("L")
    grey.putalpha(Image.fromarray(opacity))
    levels, _ = read(encoded(grey, kind, **(OPTIONS["JXL"] if kind == "JXL" else {"quality": 100})))
    if kind == "AVIF":  # knows no grey with opacity
        assert levels.shape[2] == 4 and np.abs(levels[:, :, :3] - GREY).max() <= 2
    else:
        assert np.array_equal(levels[:, :, :1], GREY) and levels.shape[2] == 2
    assert np.abs(levels[:, :, -1] - opacity).max() <= 1
    assert read(file_of(levels.astype(np.uint8), "png"))[0].shape == levels.shape


def test_grey_with_one_colour_that_is_transparent() -> None:
    levels, _ = read(encoded(Image.fromarray(np.array([[0, 9], [9, 255]], np.uint8)), "PNG", transparency=9))
    assert levels.tolist() == [[[0, 255], [9, 0]], [[9, 0], [255, 255]]]


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x.astype(np.uint8),
        lambda x: (x * 257).astype(np.uint16),
        lambda x: (x * 16843009).astype(np.uint32),
        lambda x: (x * 257).astype(np.uint32),
        lambda x: x.astype(np.int32),
        lambda x: (x / 255).astype(np.float32),
        lambda x: (x / 255).astype(np.float16),
        lambda x: x / 255,
        lambda x: x.astype(np.float32),
    ],
)
def test_tiff_of_any_depth(convert: Callable[[NDArray[Any]], NDArray[Any]], photometric: str) -> None:
    grey = np.arange(256)[None].repeat(20, 0)
    levels, _ = read(tiff(convert(255 - grey if photometric == "miniswhite" else grey), photometric=photometric))
    assert np.array_equal(levels[:, :, 0], grey)
    ways: list[dict[str, Any]] = [{}, {"compression": "zlib"}, {"planarconfig": "separate"}]
    for options in ways:
        content = convert(LEVELS)
        if options.get("planarconfig"):
            content = np.moveaxis(content, 2, 0)
        if photometric == "minisblack":
            levels, _ = read(tiff(content, photometric="rgb", **options))
            assert np.abs(levels - LEVELS).max() <= 1


def test_what_is_not_shown_by_eight_bits_is_said() -> None:
    assert read(tiff((GREY[..., 0] * 257).astype(np.uint16)))[1] == "Its 16 bits a channel became 8."
    assert read(tiff((LEVELS / 255).astype(np.float32), photometric="rgb"))[1] == "Its 32 bits a channel became 8."
    values = (GREY[..., 0] / 255).astype(np.float32)
    values[0, :4] = np.nan, np.inf, -np.inf, 1.5
    assert read(tiff(values))[0][0, :4, 0].tolist() == [0, 255, 0, 255]
    dark = (np.arange(256)[None].repeat(4, 0)).astype(np.uint16)
    assert read(encoded(Image.fromarray(dark), "PNG"))[0].max() == 1  # of 65,535


def test_of_several_pages_the_first_counts_and_is_said() -> None:
    others = [Image.new("RGB", PHOTO.size, colour) for colour in ("red", "blue")]
    for kind, options, what in (
        ("TIFF", {}, "This file has several pages; its first was taken."),
        ("HEIF", {"quality": 95}, "This file has several pages; its first was taken."),
        ("PNG", {}, "This is an animation; its first picture was taken."),
        ("AVIF", {"quality": 95}, "This is an animation; its first picture was taken."),
    ):
        levels, remark = read(encoded(PHOTO, kind, save_all=True, append_images=others, **options))
        assert np.abs(levels - LEVELS).mean() < 3
        assert remark == what
    deep = [(plane * 257).astype(np.uint16) for plane in (GREY[..., 0], GREY[..., 0] // 2)]
    assert np.array_equal(read(tiff(np.stack(deep)))[0], GREY)
    assert read(encoded(PHOTO, "MPO", save_all=True, append_images=others, quality=95))[1] == ""  # previews


# --- orientation -------------------------------------------------------------------------------------------------

TURNS: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
    1: lambda x: x, 2: lambda x: x[:, ::-1], 3: lambda x: x[::-1, ::-1], 4: lambda x: x[::-1],
    5: lambda x: x.transpose(1, 0, 2), 6: lambda x: np.rot90(x, -1), 7: lambda x: np.rot90(x, 2).transpose(1, 0, 2),
    8: lambda x: np.rot90(x),
}  # fmt: skip


@pytest.mark.parametrize("number", TURNS)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "HEIF", "JXL", "TIFF", "deep TIFF", "odd TIFF"])
def test_pictures_come_in_upright(kind: str, number: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = number
    tags = [(274, "H", 1, number, True)]
    if kind == "TIFF":
        content = encoded(PHOTO, kind, tiffinfo={274: number})
    elif kind == "deep TIFF":
        content = tiff((GREY[..., 0] * 257).astype(np.uint16), extratags=tags)
    elif kind == "odd TIFF":
        content = tiff((LEVELS / 255).astype(np.float32), photometric="rgb", extratags=tags)
    else:
        content = encoded(PHOTO, kind, exif=exif.tobytes(), **OPTIONS.get(kind, {}))
    levels, _ = read(content)
    expected = TURNS[number](GREY if kind == "deep TIFF" else LEVELS)
    assert levels.shape == expected.shape
    assert np.abs(levels - expected).mean() < 3


# --- colours -----------------------------------------------------------------------------------------------------

# sRGB of colours of other spaces, from the matrices of CSS Color 4; all lie within sRGB
P3 = [((128, 128, 128), (128, 128, 128)), ((200, 100, 50), (215, 93, 31)), ((60, 120, 70), (30, 122, 64))]
P3_POWER = [((128,) * 3, (129,) * 3), ((200, 100, 50), (216, 93, 24)), ((60, 120, 70), (22, 123, 62))]  # of 2.2
ADOBE = [((128, 128, 128), (129, 129, 129)), ((160, 120, 90), (175, 121, 88)), ((90, 120, 90), (72, 121, 88))]


def colours(pairs: Sequence[Any]) -> tuple[Image.Image, NDArray[np.int64]]:
    """A picture of colours 8 px wide, and what it should be."""
    given, expected = (np.array([pair[k] for pair in pairs]).repeat(8, 0)[None].repeat(8, 0) for k in (0, 1))
    return Image.fromarray(given.astype(np.uint8)), expected


def profile_of(corners: tuple[float, ...], gamma: float, description: bytes, space: bytes = b"RGB ") -> bytes:
    """An ICC profile, version 2: primaries relative to D50 and one power function, or grey with it."""
    curve = b"curv\0\0\0\0" + struct.pack(">IHH", 1, round(256 * gamma), 0)

    def place(numbers: Sequence[float]) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * number) for number in numbers))

    parts = {b"wtpt": place((0.9642, 1.0, 0.8249)), b"cprt": b"text\0\0\0\0none\0"}
    if space == b"GRAY":
        parts[b"kTRC"] = curve
    else:
        d50 = (0.9642 / (0.9642 + 1 + 0.8249), 1 / (0.9642 + 1 + 0.8249))
        to_d50 = adapted(corners, d50)
        parts |= {name: place(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), to_d50.T, strict=True)}
        parts |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    text = description + b"\0"
    parts[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78)
    table, body, start = b"", b"", 132 + 12 * len(parts)
    for name, part in parts.items():
        table += name + struct.pack(">II", start + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    rest = struct.pack(">I", len(parts)) + table + body
    head = struct.pack(">I4sI", 128 + len(rest), b"\0\0\0\0", 0x02100000) + b"mntr" + space + b"XYZ " + bytes(12)
    return (head + b"acsp").ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061) + bytes(48) + rest


def adapted(corners: tuple[float, ...], white: tuple[float, float]) -> NDArray[np.float64]:
    """RGB of D65 to XYZ of another white (Bradford), a second time: colours of D65 seen under it."""
    bradford = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
    whites = [np.array([x / y, 1, (1 - x - y) / y]) for x, y in ((0.3127, 0.3290), white)]
    scale = (bradford @ whites[1]) / (bradford @ whites[0])
    return np.asarray(np.linalg.inv(bradford) @ np.diag(scale) @ bradford @ to_xyz(corners, (0.3127, 0.3290)))


def with_chunk(content: bytes, name: bytes, body: bytes) -> bytes:
    """A PNG with one more chunk, straight after its head."""
    chunk = struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return content[:33] + chunk + content[33:]


def test_the_matrix_of_display_p3_is_the_published_one() -> None:
    found = np.linalg.inv(to_xyz(*PRIMARIES[1][1:])) @ to_xyz(*PRIMARIES[12][1:])
    css = [[1.2249, -0.2249, 0], [-0.0421, 1.0421, 0], [-0.0196, -0.0786, 1.0983]]  # Display P3 to sRGB, linear
    assert np.abs(found - css).max() < 2e-4


def test_a_png_that_names_display_p3_by_numbers() -> None:
    image, expected = colours(P3)
    levels, remark = read(with_chunk(encoded(image, "PNG"), b"cICP", bytes([12, 13, 0, 1])))
    assert np.abs(levels - expected).max() <= 1
    assert remark == "Its colours (Display P3) became sRGB."
    broken = profile_of(PRIMARIES[1][1][::-1], 1.0, b"Something else")  # cICP counts before it
    again, _ = read(with_chunk(encoded(image, "PNG", icc_profile=broken), b"cICP", bytes([12, 13, 0, 1])))
    assert np.array_equal(again, levels)
    for unknown in ([1, 13, 0, 1], [2, 2, 0, 1], [12, 13, 9, 1], [200, 13, 0, 1]):
        assert np.array_equal(read(with_chunk(encoded(image, "PNG"), b"cICP", bytes(unknown)))[0], np.asarray(image))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "HEIF", "TIFF"])
@pytest.mark.parametrize(
    ("name", "corners", "gamma", "pairs"),
    [
        (b"Display P3", PRIMARIES[12][1], 2.2, P3_POWER),
        (b"Adobe RGB (1998)", (0.64, 0.33, 0.21, 0.71, 0.15, 0.06), 563 / 256, ADOBE),
    ],
)
def test_a_profile_becomes_srgb(kind: str, name: bytes, corners: tuple[float, ...], gamma: float, pairs: Any) -> None:
    image, expected = colours(pairs)
    full = {"quality": 100}
    options: dict[str, Any] = {"AVIF": {**full, "subsampling": "4:4:4"}, "HEIF": {**full, "chroma": 444}}
    profile = profile_of(corners, gamma, name)
    content = encoded(image, kind, icc_profile=profile, **{**OPTIONS.get(kind, {}), **options.get(kind, {})})
    levels, remark = read(content)
    assert np.abs(levels[:, 2::8] - expected[:, 2::8]).max() <= 5
    assert remark == f"Its colours ({name.decode()}) became sRGB."


def test_avif_and_heic_name_their_primaries_in_a_box() -> None:
    image, expected = colours(P3)
    for kind in ("AVIF", "HEIF"):
        content = encoded(image, kind, **{**OPTIONS[kind], "quality": 100})
        at = content.find(b"colrnclx") + 8
        content = content[:at] + struct.pack(">HH", 12, 13) + content[at + 4 :]
        levels, remark = read(content)
        assert np.abs(levels[:, 3::8] - expected[:, 3::8]).max() <= 6
        assert remark == "Its colours (Display P3) became sRGB."


def test_the_gamma_of_a_png() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None].repeat(3, 0)
    linear = (srgb_level(ramp / 255) * 255).round()
    for image in (Image.fromarray(ramp), Image.fromarray(np.stack([ramp] * 3, -1))):
        content = with_chunk(encoded(image, "PNG"), b"gAMA", struct.pack(">I", 100_000))
        levels, remark = read(content)
        assert np.abs(levels[:, :, 0] - linear).max() <= 1 and levels.shape[2] == len(image.getbands())
        assert remark == "Its colours (gamma 1) became sRGB."
        usual = with_chunk(encoded(image, "PNG"), b"gAMA", struct.pack(">I", 45_455))
        assert np.array_equal(read(usual)[0][:, :, 0], ramp)
        assert np.array_equal(read(with_chunk(content, b"sRGB", b"\0"))[0][:, :, 0], ramp)
    image, expected = colours(ADOBE)
    places = (0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
    content = with_chunk(encoded(image, "PNG"), b"cHRM", struct.pack(">8I", *(round(1e5 * n) for n in places)))
    content = with_chunk(content, b"gAMA", struct.pack(">I", round(1e5 * 256 / 563)))
    assert np.abs(read(content)[0] - expected).max() <= 1


def test_opacity_stays_as_it_is_where_colours_change() -> None:
    image, expected = colours(P3)
    opacity = np.linspace(0, 255, image.width).astype(np.uint8)[None].repeat(image.height, 0)
    image.putalpha(Image.fromarray(opacity))
    levels, _ = read(with_chunk(encoded(image, "PNG"), b"cICP", bytes([12, 13, 0, 1])))
    assert np.abs(levels[:, :, :3] - expected).max() <= 1
    assert np.array_equal(levels[:, :, 3], opacity)
    levels, _ = read(encoded(image, "PNG", icc_profile=profile_of(PRIMARIES[12][1], 2.2, b"Display P3")))
    assert np.array_equal(levels[:, :, 3], opacity)


def test_grey_with_a_profile_of_grey() -> None:
    ramp = np.arange(256, dtype=np.uint8)[None].repeat(3, 0)
    profile = profile_of((), 1.0, b"Linear grey", b"GRAY")
    levels, remark = read(encoded(Image.fromarray(ramp), "PNG", icc_profile=profile))
    assert levels.shape[2] == 1
    assert np.abs(levels[:, :, 0] - srgb_level(ramp / 255) * 255).max() <= 2
    assert remark == "Its colours (Linear grey) became sRGB."
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    renamed = srgb.replace(b"sRGB", b"abcd").replace("sRGB".encode("utf-16-be"), "abcd".encode("utf-16-be"))
    assert read(encoded(PHOTO, "PNG", icc_profile=renamed))[1] == ""  # whatever it calls itself


def test_light_beyond_white_is_white() -> None:
    image = Image.fromarray(np.array([[[0] * 3, [148] * 3, [255] * 3]], np.uint8))
    pq = read(with_chunk(encoded(image, "PNG"), b"cICP", bytes([9, 16, 0, 1])))[0]
    hlg = read(with_chunk(encoded(image, "PNG"), b"cICP", bytes([9, 18, 0, 1])))[0]
    assert pq[0, 0].tolist() == hlg[0, 0].tolist() == [0, 0, 0]
    assert pq[0, 1].min() >= 250  # 58 % of PQ are 203 cd/m²
    assert pq[0, 2].tolist() == hlg[0, 2].tolist() == [255, 255, 255]


def test_lab_and_cmyk_become_srgb() -> None:
    lab = Image.frombytes("LAB", (2, 1), bytes([137, 0, 0, 255, 0, 0]))
    assert np.abs(levels_of(in_srgb(lab)).astype(int) - [[[128] * 3, [255] * 3]]).max() <= 2
    levels, _ = read(encoded(Image.new("CMYK", (4, 4), (0, 255, 255, 0)), "JPEG", quality=95))
    assert np.abs(levels - (255, 0, 0)).max() <= 6


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind.pillow[0] for kind in FORMATS])
def test_large_pictures_are_refused_by_their_header(kind: str) -> None:
    content = encoded(Image.new("L" if kind != "HEIF" else "RGB", (1100, 1000)), kind)
    with pytest.raises(TooManyPixels):
        open_content(content, largest_picture=PIXELS)
    assert open_content(content, largest_picture=2 * PIXELS).size == (1100, 1000)


@pytest.mark.parametrize("kind", [kind.pillow[0] for kind in FORMATS])
def test_files_that_are_cut_off_or_broken_end_in_one_kind_of_error(kind: str) -> None:
    content, random = encoded(PHOTO, kind), np.random.default_rng(0)
    for share in (0.05, 0.3, 0.8):
        broken = bytearray(content)
        broken[random.integers(4, len(content))] ^= 0xFF
        for part in (content[: int(share * len(content))], bytes(broken)):
            try:
                open_content(part, largest_picture=PIXELS)
            except (NotReadable, TooManyPixels):
                continue


def test_a_tiff_that_unpacks_to_more_than_its_pixels_is_refused() -> None:
    content = tiff((LEVELS / 255).astype(np.float32), photometric="rgb", compression="zlib", rowsperstrip=96)
    bomb = zlib.compress(bytes(50 * 2**20))
    with tifffile.TiffFile(io.BytesIO(content)) as file:
        page = file.pages.first
        offset, count = page.tags["StripOffsets"], page.tags["StripByteCounts"]
    changed = bytearray(content + bomb)
    for tag, value in ((offset, len(content)), (count, len(bomb))):
        changed[tag.valueoffset : tag.valueoffset + 4] = struct.pack("<I", value)
    with pytest.raises(NotReadable):
        open_content(bytes(changed), largest_picture=PIXELS)


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (256, 256), (300, 200), (40, 24), (640, 480), (1920, 1080), (7, 513)])
@pytest.mark.parametrize("container", [False, True])
def test_the_header_of_jpeg_xl(size: tuple[int, int], container: bool) -> None:
    content = encoded(Image.new("RGB", size, "teal"), "JXL", use_container=container)
    assert measure(content) == (*size, 1)
    for cut in range(3):
        with pytest.raises(ValueError):
            measure(content[: content.index(b"\xff\x0a") + cut])


def test_a_format_whose_package_is_missing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = [(encoded(PHOTO, kind), name) for kind, name in (("HEIF", "pillow-heif"), ("JXL", "pillow-jxl-plugin"))]
    monkeypatch.setattr(formats, "brought_in", lambda module: False)
    formats.readable.cache_clear()
    try:
        for content, name in contents:
            with pytest.raises(NotReadable, match=f"pictures are not read here, since {name} is not installed"):
                open_content(content, largest_picture=PIXELS)
    finally:
        formats.readable.cache_clear()


def test_one_table_says_what_is_accepted() -> None:
    *names, last = (kind.name for kind in FORMATS)
    assert f"{', '.join(names)} and {last}" == NAMES
    assert {".avif", ".tif", ".jp2", ".heic", ".jxl"} < set(ENDINGS) < set(ACCEPT.split(","))
    assert {"image/avif", "image/tiff", "image/jp2", "image/heic", "image/jxl"} < set(ACCEPT.split(","))


def test_what_is_transparent_lies_on_white() -> None:
    grey = Image.merge("LA", [Image.new("L", (1, 1), 0), Image.new("L", (1, 1), 51)])
    assert np.asarray(opaque(grey, "L")).tolist() == [[204]]
    assert np.asarray(opaque(Image.new("RGBA", (1, 1), (255, 0, 0, 0)), "RGB")).tolist() == [[[255, 255, 255]]]


# --- in the tabs -------------------------------------------------------------------------------------------------


def address(content: bytes) -> str:
    return f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("kind", ["PNG", "AVIF", "TIFF", "JPEG2000", "HEIF", "JXL", "float"])
def test_every_tab_opens_a_picture(kind: str) -> None:
    grey = (np.asarray(PHOTO.convert("L"), np.float32)) / 255
    content = tiff(grey) if kind == "float" else encoded(PHOTO, kind, **OPTIONS.get(kind, {}))
    expected = GREY if kind == "float" else LEVELS
    enlarged, _ = upscale.read_image(address(content))
    for levels in (enlarged, translate.read_image(address(content))):
        assert levels.shape == expected.shape
        assert np.abs(levels.astype(int) - expected).mean() < 4
    square = read_address(address(content), side=64, channels=3)[0].astype(int)
    known = read_address(address(encoded(PHOTO.convert("L" if kind == "float" else "RGB"), "PNG")), side=64, channels=3)
    assert np.abs(square - known[0]).mean() < 4
    for show in (translate.show_picture, face.show_picture):
        shown = show({"image": address(content)})["image"]
        assert shown.startswith("data:image/png;base64,")
        assert np.array_equal(read(base64.b64decode(shown.partition(",")[2]))[0], enlarged)


def test_grey_with_opacity_goes_through_the_networks() -> None:
    levels = np.concatenate([GREY, np.linspace(0, 255, 128, dtype=int)[None, :, None].repeat(96, 0)], 2)[:24, :32]
    picture = levels.astype(np.uint8)
    result = enlarge(SuperResolution(SuperResolutionConfig(scale=2, width=8, depth=1)), picture, 2)
    assert result.shape == (48, 64, 2)
    assert np.array_equal(read(file_of(result, "png"))[0], result)
    other = change(tiny_translation(), picture, "day-to-night")
    assert other.shape == picture.shape
    assert np.array_equal(other[:, :, 1], picture[:, :, 1])
    assert resize(picture, 12, 16).shape == (12, 16, 2)
    assert read(file_of(result, "jpeg"))[0].shape[2] == 1


@pytest.mark.parametrize("kind", ["png", "webp", "jpeg", "avif"])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_downloads(kind: str, mode: str) -> None:
    image = PHOTO.convert(mode)
    content = file_of(levels_of(image), kind)
    levels = levels_of(open_content(content, largest_picture=PIXELS).convert(mode))
    assert np.abs(levels.astype(int) - levels_of(image)).mean() < (0.1 if kind in ("png", "webp") else 3)
