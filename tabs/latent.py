"""Tab "Latent sliders": one slider per code, what each moves, strips of all codes, and a picture read into codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import getdoc
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from data.grids import GRIDS
from models import load
from models.catalogue import CATALOGUE
from models.codes import categories
from models.errors import InvalidInput, LatentLabError
from models.effects import describe as in_words
from models.effects import read_effects
from models.film import gif
from models.gan import LARGEST_SEED, check_whole
from models.incoming import read_address
from models.infogan import InfoGAN, checked_codes
from models.infogan import encode as read_codes
from models.loading import find
from models.pixels import Pictures
from models.sheet import data_uri, enlarge, png, tile, webp
from models.sliders import Base, FaceSliders, Network, along, between, effects, paint, paint_one, random_codes, types_of
from tabs import about
from tabs.drawing import turn, whole
from tabs.guard import Values, careful, spoken
from tabs.latent_stage import LATENT, LATENT_SCRIPT

SETS = {"sliders": "with names", "sefa": "found without labels"}  # parts of a generator of faces, and what they are
FACES = [name for name, entry in CATALOGUE.items() if entry.family == "fastgan-generator" and "grey" not in entry.summary]
DEFAULT = "faces-128"
OFFERED = [DEFAULT, *(name for name, entry in CATALOGUE.items() if entry.family in ("infogan", "gan-generator"))]
STRIP = 8  # pictures in a strip
FILM = 24  # frames of a film, one way
FAR = 45.0  # mean difference of a picture and its reconstruction, in levels of 255, from which it is no likeness:
# rendered scenes stay under 35, photographs and noise are over 70
SCORES = ("factor_vae", "dci_disentanglement", "mig")  # of the table
PUBLISHED = {  # dSprites; Lin et al., "InfoGAN-CR and ModelCentrality", 2020, table 1
    "Sprites, InfoGAN-CR, published": {"factor_vae": 0.88, "dci_disentanglement": 0.71, "mig": 0.37},
    # 3D Shapes; Ren et al., "Learning Disentangled Representation by Exploiting Pretrained Generative
    # Models: A Contrastive Learning View", 2022, table 1
    "Scenes, InfoGAN-CR, published": {"factor_vae": 0.587, "dci_disentanglement": 0.478, "mig": 0.297},
    "Scenes, DisCo, published": {"factor_vae": 0.877, "dci_disentanglement": 0.708, "mig": 0.512},
}

HOW_IT_WORKS = r"""
An ordinary generator turns noise into pictures, and no single number of the noise means anything. **InfoGAN** splits
its input into codes $c$ and noise $z$ and adds a third network, the encoder $Q$, that has to read the codes back from
the picture. Generator and encoder are rewarded together:

$$\min_{G, Q} \max_D \; V(D, G) - \lambda \, \mathbb{E}_{c, z}\left[\log Q\left(c \mid G(c, z)\right)\right]$$

So every code has to leave a trace that can be read, and codes tend to settle on what varies in the pictures.
**InfoGAN-CR** adds a game with pairs: two pictures share one code, $c_k$, and differ in all others; a network $H$ has
to say which $k$ it was, and the generator helps it with weight $\alpha$:

$$\min_{G, H} \; - \alpha \, \mathbb{E}\left[\log H\left(k \mid x, x'\right)\right]$$

which it can do only by making each code change something of its own. No label is ever used.

- **What was told, and what was not.** Hue is a circle, so three of the codes are circular, and each of these is a
  *paint*: it moves one colour, and the network finds out which part of the picture has it. The other codes move forms
  and never see a colour. That much is built in. Which paint takes the floor, which code turns the room, was found. In
  the sprites' network four codes are *moves*: shift across and down, size and turn act on what the fifth draws, and on
  nothing else. Found there: the three shapes, how far the shifts go, and how all five are read from a picture.
- **Leak meter**: each code is moved over its range from eight random pictures, and a network that reads the true
  factors says how far each of them moved (1: as far as between two random pictures). One long bar is what is hoped for.
- **Scores** compare the encoder's codes on rendered pictures with the true factors: *FactorVAE*, *DCI*
  (disentanglement) and *MIG*, each from 0 to 1. FactorVAE alone is easily fooled. On the scenes here the regularizer
  changes little: trained as long from the same seed, InfoGAN comes to nearly the same scores.
- **A plain GAN** is offered, too: its sliders are the first six numbers of the noise, and each moves a little of
  everything.

Chen et al., *InfoGAN*, 2016. Lin, Thekumparampil, Fanti, Oh, *InfoGAN-CR and ModelCentrality*, 2020.
"""


@dataclass(frozen=True)
class Setting:
    """Where all sliders stand."""

    model: str
    codes: tuple[float, ...]
    seed: int = 1


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    stage = gr.HTML(
        html_template=LATENT,
        js_on_load=LATENT_SCRIPT,
        apply_default_css=False,
        server_functions=[open_sliders, move, strips, meter, film, read_picture, scores],
        elem_id="latent",
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = about.fold_outs(HOW_IT_WORKS)
    stage.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    gr.api(spoken(latent), api_name="latent", api_description=getdoc(latent), queue=False)
    gr.api(spoken(traverse), api_name="traverse", api_description=getdoc(traverse), queue=False)
    gr.api(spoken(encode), api_name="encode", api_description=getdoc(encode), queue=False)


# --- endpoints for programs --------------------------------------------------------------------------------------


def latent(model: str = DEFAULT, codes: list[float] | None = None, seed: int = 1) -> str:
    """The picture of codes.

    Args:
        model: scenes-infogan-cr-64, scenes-infogan-64, sprites-infogan-cr-64, or a face network.
        codes: one number for each slider, -1 to 1, or a category from 0; null for the codes of the seed.
        seed: of everything that has no slider, 0 to 2147483647.

    Returns:
        a PNG file of 64 x 64 pixels, as a data URI.
    """
    network, setting = opened({"model": model, "codes": codes, "seed": seed})
    return data_uri(png(paint_one(network, (setting.codes, setting.seed))), "png")


def traverse(model: str = DEFAULT, code: int = 0, seed: int = 1) -> list[str]:
    """What one code does: pictures in which it runs over its range and all others stay at the codes of the seed.

    Args:
        model: scenes-infogan-cr-64, scenes-infogan-64, sprites-infogan-cr-64, or a face network.
        code: 0 for the first slider.
        seed: 0 to 2147483647.

    Returns:
        one PNG file per place, as data URIs: 8, or one for each category.
    """
    network, setting = opened({"model": model, "seed": seed})
    check_whole(code, "code", 0, len(setting.codes) - 1)
    with turn:
        pictures = paint(network, along(network, rows(setting)[0], int(code), STRIP), seed=setting.seed)
    return [data_uri(png(picture), "png") for picture in pictures]


def encode(model: str = DEFAULT, image: str = "") -> list[float]:
    """The codes that a network reads in a picture.

    Args:
        model: scenes-infogan-cr-64, scenes-infogan-64 or sprites-infogan-cr-64.
        image: a picture as a data URI (PNG, JPEG, WebP, GIF or BMP, up to 4 MB); its middle square counts.

    Returns:
        one number for each slider.
    """
    network = reading_network(model)
    picture = read_address(image, side=64, channels=network.config.channels)
    with turn:
        return [round(float(code), 4) for code in read_codes(network, picture)[0]]


# --- settings ----------------------------------------------------------------------------------------------------


def opened(fields: Mapping[str, object]) -> tuple[Network, Setting]:
    """The network and the slider positions that a script, a link or a program names. Raises LatentLabError."""
    model = fields.get("model") or DEFAULT
    if model not in OFFERED:
        raise InvalidInput(f"There are no sliders for {str(model)[:60]!r}; choose one of {', '.join(OFFERED)}.")
    network: Network = load(str(model))
    seed = whole(fields.get("seed") or 1 if fields.get("seed") != 0 else 0, "seed")
    check_whole(seed, "seed", 0, LARGEST_SEED)
    codes = fields.get("codes")
    if codes is None or codes == "":
        return network, Setting(str(model), tuple(tidy(random_codes(network, seed))), seed)
    if isinstance(codes, str):
        codes = codes.split(",")
    return network, Setting(str(model), tuple(tidy(in_range(network, codes))), seed)


def in_range(network: Network, codes: object) -> NDArray[np.float32]:
    """Codes (K,) as numbers. Raises InvalidInput."""
    if isinstance(network, InfoGAN):
        row: NDArray[np.float32] = checked_codes(network, codes)[0]  # type: ignore[arg-type]
        return row
    try:
        numbers = np.asarray(codes, dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput("The codes are not numbers; six numbers from -1 to 1 are accepted.") from None
    if numbers.shape != (len(types_of(network)),) or not (np.abs(numbers) <= 1).all():
        raise InvalidInput(f"The codes have to be {len(types_of(network))} numbers from -1 to 1.")
    return numbers


def tidy(codes: NDArray[np.float32]) -> list[float]:
    """Codes with two decimals, as sliders have them."""
    return [round(float(code), 2) for code in codes]


def rows(setting: Setting) -> NDArray[np.float32]:
    """The codes of a setting as (1, K)."""
    return np.array([setting.codes], dtype=np.float32)


def to_query(setting: Setting) -> str:
    """The setting as the query of a permalink."""
    codes = ",".join(f"{code:g}" for code in setting.codes)
    return urlencode({"tab": "latent", "model": setting.model, "codes": codes, "seed": setting.seed}, safe=",")


def to_python(setting: Setting) -> str:
    """The lines that draw the same picture."""
    if CATALOGUE[setting.model].family == "infogan":
        return (
            "from models import load\nfrom models.infogan import encode, generate\n\n"
            f'network = load("{setting.model}")\ncodes = {list(setting.codes)}\n'
            f"picture = generate(network, codes, seed={setting.seed})  # uint8 (1, 64, 64, C)\n"
            "print(encode(network, picture))"
        )
    return (
        "import numpy as np\nfrom models import load\nfrom models.sliders import paint\n\n"
        f"codes = np.array([{list(setting.codes)}])\n"
        f'picture = paint(load("{setting.model}"), codes, seed={setting.seed})  # uint8 (1, 64, 64, C)'
    )


def reading_network(model: object) -> InfoGAN:
    """A network that can read pictures. Raises InvalidInput."""
    if model not in OFFERED or CATALOGUE[str(model)].family != "infogan":
        able = [name for name in OFFERED if CATALOGUE[name].family == "infogan"]
        raise InvalidInput(f"{str(model)[:60]} cannot read a picture; {', '.join(able)} can.")
    network: InfoGAN = load(str(model))
    return network


def reader_of(network: Network) -> Any:
    """The factor regressor of a network's world, or None."""
    name = f"{network.config.world}-factors-64" if isinstance(network, InfoGAN) else ""
    return load(name) if name in CATALOGUE else None


# --- for the stage's script --------------------------------------------------------------------------------------


@careful
def open_sliders(fields: Values) -> Values:
    """Everything the stage needs of one network.

    Args:
        fields: "model", "codes" and "seed" of a link; what is missing stands at its default, wrong codes give a notice.

    Returns:
        "model", "seed", "codes", "types", "models" (those offered), "beside" (those with the same sliders), "reads",
        "sheet" with the picture, "link"; "notice" if another setting was asked for.
    """
    notice = ""
    try:
        network, setting = opened(fields)
    except InvalidInput as error:
        notice = str(error)
        network, setting = opened({"model": fields.get("model") if fields.get("model") in OFFERED else DEFAULT})
    return {
        **drawn([network], setting),
        "types": [[kind, categories(kind)] for kind in types_of(network)],
        "models": [[name, CATALOGUE[name].title] for name in OFFERED],
        "beside": [[name, CATALOGUE[name].title] for name in alike(setting.model, network)],
        "reads": isinstance(network, InfoGAN),
        "world": network.config.world if isinstance(network, InfoGAN) else "faces",
        "notice": notice,
    }


def alike(model: str, network: Network) -> list[str]:
    """The other networks that can be shown beside one: of the same world, with the same sliders."""
    if not isinstance(network, InfoGAN):
        return [name for name in OFFERED if name != model and CATALOGUE[name].family == "gan-generator"]
    found = []
    for name in OFFERED:
        if name != model and CATALOGUE[name].family == "infogan":
            try:
                other = load(name)
            except LatentLabError:
                continue
            if other.config.codes == network.config.codes and other.config.world == network.config.world:
                found.append(name)
    return found


@careful
def move(fields: Values) -> Values:
    """The picture where the sliders stand, of the network and of the one beside it, in one round trip."""
    network, setting = opened(fields)
    networks: list[Network] = [network]
    if fields.get("beside"):
        if fields["beside"] not in alike(setting.model, network):
            raise InvalidInput(f"{str(fields['beside'])[:60]} has other sliders than {setting.model}.")
        networks.append(load(str(fields["beside"])))
    return drawn(networks, setting)


def drawn(networks: list[Network], setting: Setting) -> Values:
    """The pictures of one setting and what names it."""
    pictures = [paint_one(network, (setting.codes, setting.seed)) for network in networks]
    return {
        "model": setting.model,
        "codes": list(setting.codes),
        "seed": setting.seed,
        "pictures": [data_uri(png(picture), "png") for picture in pictures],
        "link": to_query(setting),
    }


@careful
def strips(fields: Values) -> Values:
    """A strip for every code: it runs over its range, the others stay; and one strip to the codes of another seed."""
    network, setting = opened(fields)
    start = rows(setting)[0]
    paths = [along(network, start, code, STRIP) for code in range(len(setting.codes))]
    paths.append(between(network, start, random_codes(network, other_seed(fields, setting)), STRIP))
    with turn:
        pictures = paint(network, np.concatenate(paths), seed=setting.seed)
    sheet = np.full((len(paths), STRIP, *pictures.shape[1:]), 255, np.uint8)
    parts = np.split(pictures, np.cumsum([len(path) for path in paths])[:-1])
    for row, part in zip(sheet, parts, strict=True):
        row[: len(part)] = part
    every = sheet.reshape(-1, *pictures.shape[1:])
    return {"sheet": data_uri(webp(tile(every, columns=STRIP)), "webp"), "counts": [len(path) for path in paths]}


def other_seed(fields: Values, setting: Setting) -> int:
    """The seed that a path of two seeds leads to."""
    seed = whole(fields.get("to") or setting.seed + 1, "second seed")
    check_whole(seed, "second seed", 0, LARGEST_SEED)
    return seed


@careful
def film(fields: Values) -> Values:
    """A GIF of one code's movement, or, for the code "to", of the way to another seed."""
    network, setting = opened(fields)
    start, code = rows(setting)[0], fields.get("code")
    if code == "to":
        path, name = between(network, start, random_codes(network, other_seed(fields, setting)), FILM), "seeds"
    else:
        number = whole(code, "code")
        check_whole(number, "code", 0, len(setting.codes) - 1)
        path, name = along(network, start, number, FILM), f"code-{number + 1}"
    with turn:
        pictures: Pictures = paint(network, path, seed=setting.seed)
    rate = 20 if len(path) == FILM else 2
    return {
        "name": f"latent-lab_{setting.model}_{name}.gif",
        "content": data_uri(gif(enlarge(pictures, 4), rate=rate), "gif"),
    }


@careful
def meter(fields: Values) -> Values:
    """What each code moves: "names" (one for each code), "factors", "movements" (codes by factors, 0 to 1)."""
    network, _ = opened(fields)
    reader = reader_of(network)
    if reader is None or not isinstance(network, InfoGAN):
        return {"names": [], "factors": [], "movements": []}
    with turn:
        found = effects(network, reader)
    return {
        "names": [effect.name for effect in found],
        "factors": list(reader.config.names),
        "movements": [list(effect.movements) for effect in found],
    }


@careful
def read_picture(fields: Values) -> Values:
    """The codes of a picture, so that the sliders can be set to them.

    Args:
        fields: "model"; "image", a data URI, or nothing for a picture that is rendered on the spot from "seed".

    Returns:
        what `move` returns for these codes; "original", the picture as the network saw it; "far", the mean difference
        of the two in levels of 255; "warning", a sentence where it is large.
    """
    model = fields.get("model")
    network = reading_network(model)
    grid = GRIDS[network.config.world]
    if fields.get("image"):
        picture = read_address(fields["image"], side=64, channels=network.config.channels)
    else:
        seed = whole(fields.get("render") or 1, "seed")
        check_whole(seed, "seed", 0, LARGEST_SEED)
        picture = grid.render(grid.random_factors(1, np.random.default_rng(seed)))
    with turn:
        codes = tidy(read_codes(network, picture)[0])
    _, setting = opened({"model": model, "codes": codes, "seed": fields.get("seed")})
    with turn:
        again = paint(network, rows(setting), seed=setting.seed)
    far = float(np.abs(again.astype(np.float32) - picture).mean())
    return {
        **drawn([network], setting),
        "original": data_uri(png(picture[0]), "png"),
        "far": round(far, 1),
        "warning": f"This does not look like {grid.likeness}: what the network draws from its codes is far from it."
        if far > FAR
        else "",
    }


@careful
def scores(_fields: Values) -> Values:
    """The scores of all networks that have some, and published ones: "rows" of title, FactorVAE, DCI, MIG."""
    found = []
    for name in OFFERED:
        figures = about.figures_of(name)
        if "mig" in figures:
            found.append(
                [CATALOGUE[name].title, *(figures[key] for key in ("factor_vae", "dci_disentanglement", "mig"))]
            )
    found += [[title, *values.values()] for title, values in PUBLISHED.items()]
    return {"rows": found}


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of a setting."""
    try:
        _, setting = opened({name: getattr(event, name, None) for name in ("model", "codes", "seed")})
    except LatentLabError:
        setting = Setting(DEFAULT, (), 1)
    return about.describe_network(setting.model), about.share(to_query(setting), to_python(setting), setting.model)
