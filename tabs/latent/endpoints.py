"""Endpoints of the tab "Latent sliders": a picture of codes, what one code does, the codes of a picture."""

from media.images import png
from media.incoming import read_address
from models.gan import check_whole
from models.infogan.network import encode as read_codes
from models.sliders import along
from server.files import open_sent
from serving.inference import paint, paint_one
from serving.lock import drawing_lock
from tabs.latent.handlers import STRIP
from tabs.latent.settings import DEFAULT, opened, reading_network, rows
from tabs.programs import Form, Given, Sent, given


def latent(
    model: str = DEFAULT,
    codes: list[float] | None = None,
    seed: int = 1,
    set: str = "sliders",
    z: list[float] | None = None,
    form: Form = None,
) -> Given:
    """The picture of codes.

    Args:
        model: faces-128, faces-celeba-64, scenes-infogan-cr-64, scenes-infogan-64 or sprites-infogan-cr-64.
        codes: one number for each slider, -1 to 1, or a category from 0; null for the codes of the seed. For faces-128
            0 is no change; its sliders are age, smile, glasses and others, see its card.
        seed: of everything that has no slider, 0 to 2147483647.
        set: of the sliders of faces-128, "sliders" (with names) or "sefa" (found without labels); others have one set.
        z: for faces-128 the latent of a face in place of the seed's, 128 numbers, as encode_face gives it.
        form: of the answer, "file" or "data" (a data URI).

    Returns:
        a PNG file: 128 x 128 pixels for faces-128, else 64 x 64.
    """
    network, setting = opened({"model": model, "codes": codes, "seed": seed, "set": set, "z": z})
    return given(png(paint_one(network, (setting.codes, setting.base))), "png", form)


def traverse(
    model: str = DEFAULT, code: int = 0, seed: int = 1, set: str = "sliders", form: Form = None
) -> list[Given]:
    """What one code does: pictures in which it runs over its range and all others stay at the codes of the seed.

    Args:
        model: faces-128, faces-celeba-64, scenes-infogan-cr-64, scenes-infogan-64 or sprites-infogan-cr-64.
        code: 0 for the first slider.
        seed: 0 to 2147483647.
        set: of the sliders of faces-128, "sliders" (with names) or "sefa" (found without labels); others have one set.
        form: of the answer, "file" or "data" (a data URI).

    Returns:
        one PNG file per place: 8, or one for each category.
    """
    network, setting = opened({"model": model, "seed": seed, "set": set})
    check_whole(code, "code", 0, len(setting.codes) - 1)
    with drawing_lock:
        pictures = paint(network, along(network, rows(setting)[0], int(code), STRIP), seed=setting.base)
    return [given(png(picture), "png", form) for picture in pictures]


def encode(model: str = DEFAULT, image: Sent = "") -> list[float]:
    """The codes that a network reads in a picture.

    Args:
        model: scenes-infogan-cr-64, scenes-infogan-64 or sprites-infogan-cr-64.
        image: a picture (in a format of docs/formats.md, up to 4 MB): a file, or a data URI; its middle square counts.

    Returns:
        one number for each slider.
    """
    network = reading_network(model)
    picture = read_address(open_sent(image), side=64, channels=network.config.channels)
    with drawing_lock:
        return [round(float(code), 4) for code in read_codes(network, picture)[0]]
