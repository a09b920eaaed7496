"""Tab "Latent sliders": one slider per code or attribute, what each moves, strips, and a picture read into codes."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import getdoc
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from data.grids import GRIDS
from media.film import gif
from media.images import data_uri, enlarge, png, webp
from media.incoming import read_address
from models import load
from models.architectures.fastgan import FastGANGenerator
from models.catalogue import CATALOGUE
from models.errors import InvalidInput, LatentLabError
from models.faces.attributes import NAMED
from models.faces.effects import describe as in_words
from models.faces.effects import read_effects
from models.faces.latent_transformer import LatentTransformer
from models.gan import LARGEST_SEED, check_whole, interpolate
from models.infogan.codes import categories
from models.infogan.network import InfoGAN, checked_codes
from models.infogan.network import encode as read_codes
from models.loading import find, weights_root
from models.pixels import Pictures, tile
from models.sliders import (
    Base,
    FaceSliders,
    Network,
    along,
    between,
    effects,
    latent_of,
    random_codes,
    types_of,
)
from page import foldouts
from server.fields import whole
from server.guard import Values, careful, spoken
from serving.inference import paint, paint_one
from serving.lock import drawing_lock
from tabs.latent import face
from tabs.latent.stage import LATENT, LATENT_SCRIPT

FACES = "faces-128"  # the generator whose parts are sets of sliders
SETS = {"sliders": "with names", "sefa": "found without labels"}
HAS_FACES = (weights_root() / FACES / next(iter(SETS)) / "config.json").is_file()
DEFAULT = FACES if HAS_FACES else "scenes-infogan-cr-64"
OFFERED = [
    name
    for name, entry in CATALOGUE.items()
    if entry.family in ("infogan", "gan-generator") or (name == FACES and HAS_FACES)
]
LARGEST_NUMBER = 20.0  # of a latent that is sent
STRIP = 8  # pictures in a strip
STRIP_OF_FACES = 5  # the same where there are many strips, and larger pictures
FILM = 24  # frames of a film, one way
FILM_SIDE = 256  # px
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
**Faces.** A generator turns a latent $z$ into a face $G(z)$, and no single number of $z$ means anything. A straight
line in $z$ that brings a smile brings years, too. So a small network $T$ learns the way: for a face, a slider $k$ and
how far it is moved, $a$, it gives another latent. It is trained against a network $R$ that reads attributes in a
picture:

$$\min_T \; \ell\left(R_k(x'), \text{what was asked for}\right) + \lambda \sum_{j \ne k} \left|R_j(x') - R_j(x)\right|
+ \mu \, d(x', x), \qquad x = G(z), \; x' = G(T(z, k, a))$$

where $d$ compares the reader's features and coarse colours: the face should stay who it is. The generator itself is
not changed.

- **Found without labels**: the directions of $z$ that the generator's first layer amplifies most, the eigenvectors of
  $A^{\top} A$ for its weights $A$ (*SeFa*). Nobody named them; what each does was read afterwards.
- **Your own face** is looked for among all that the generator can draw: a network $E$ guesses the latent from the
  picture $x$, and descent refines it, $\min_z \|G(z) - x\|_1 + \lambda \, \|f(G(z)) - f(x)\|^2$, on reduced pictures
  and on features $f$ of a network that reads faces.
- **Leak meter**, for faces: how far each reading moves on average when a slider goes from one end to the other, over
  200 random faces. One long bar is what is hoped for.

**Scenes and sprites.** An ordinary generator turns noise into pictures, and no single number of the noise means
anything. **InfoGAN** splits its input into codes $c$ and noise $z$ and adds a third network, the encoder $Q$, that
has to read the codes back from the picture. Generator and encoder are rewarded together:

$$\min_{G, Q} \max_D \; V(D, G) - \lambda \, \mathbb{E}_{c, z}\left[\log Q\left(c \mid G(c, z)\right)\right]$$

So every code has to leave a trace that can be read, and codes tend to settle on what varies in the pictures.
**InfoGAN-CR** adds a game with pairs: two pictures share one code, $c_k$, and differ in all others; a network $H$ has
to say which $k$ it was, and the generator helps it with weight $\alpha$:

$$\min_{G, H} \; - \alpha \, \mathbb{E}\left[\log H\left(k \mid x, x'\right)\right]$$

which it can do only by making each code change something of its own. No label is ever used.

- **What was told, and what was not.** Hue is a circle, so three of the codes are circular, and each of these is a
  *paint*: it moves one colour, and the network finds out which part of the picture has it. The other codes move forms
  and never see a colour. That much is built in. Which paint takes the floor, which code turns the room, was found. In
  the sprites' network four codes are *moves*: shift across and down, size and turn act on what the fifth draws, and
  on nothing else. Found there: the three shapes, how far the shifts go, and how all five are read from a picture.
- **Leak meter**, for scenes and sprites: each code is moved over its range from eight random pictures, and a network
  that reads the true factors says how far each of them moved (1: as far as between two random pictures). One long bar
  is what is hoped for.
- **Scores** compare the encoder's codes on rendered pictures with the true factors: *FactorVAE*, *DCI*
  (disentanglement) and *MIG*, each from 0 to 1. FactorVAE alone is easily fooled. On the scenes here the regularizer
  changes little; far more comes from drawing rendered pictures again, without labels, from the codes that $Q$ reads.
- **A plain GAN** is offered, too: its sliders are the first six numbers of the noise, and each moves a little of
  everything.

Zhu et al., *Generative Visual Manipulation on the Natural Image Manifold*, 2016. Yao et al., *A Latent Transformer for
Disentangled Face Editing in Images and Videos*, 2021. Shen, Zhou, *Closed-Form Factorization of Latent Semantics in
GANs*, 2021. Chen et al., *InfoGAN*, 2016. Lin, Thekumparampil, Fanti, Oh, *InfoGAN-CR and ModelCentrality*, 2020.
"""


TITLES = {  # of the sliders with names, see models.faces.attributes
    "age": "Age",
    "smile": "Smile",
    "glasses": "Glasses",
    "beard": "Beard",
    "mouth open": "Mouth open",
    "fair hair": "Hair: dark to fair",
    "grey hair": "Grey hair",
    "fringe": "Fringe",
    "masculine": "Look: feminine to masculine",
    "make-up": "Make-up",
    "turn": "Head turn: left to right",
    "light": "Light: left to right",
}


@dataclass(frozen=True)
class Setting:
    """Where all sliders stand."""

    model: str
    codes: tuple[float, ...]
    seed: int = 1
    set: str = ""  # of sliders, a key of SETS; "" for a network with one set
    latent: tuple[float, ...] = ()  # of a face that was found in place of the seed's

    @property
    def base(self) -> Base:
        """What the sliders start from."""
        return self.latent or self.seed


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    stage = gr.HTML(
        html_template=LATENT,
        js_on_load=LATENT_SCRIPT,
        apply_default_css=False,
        server_functions=[
            *(open_sliders, move, strips, meter, film, read_picture, scores),
            *(face.find_face, face.follow, face.stop),
        ],
        elem_id="latent",
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    stage.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    gr.api(spoken(latent), api_name="latent", api_description=getdoc(latent), queue=False)
    gr.api(spoken(traverse), api_name="traverse", api_description=getdoc(traverse), queue=False)
    gr.api(spoken(encode), api_name="encode", api_description=getdoc(encode), queue=False)
    gr.api(spoken(face.encode_face), api_name="encode_face", api_description=getdoc(face.encode_face), queue=False)


# --- endpoints for programs --------------------------------------------------------------------------------------


def latent(
    model: str = DEFAULT,
    codes: list[float] | None = None,
    seed: int = 1,
    set: str = "sliders",
    z: list[float] | None = None,
) -> str:
    """The picture of codes.

    Args:
        model: faces-128, faces-celeba-64, scenes-infogan-cr-64, scenes-infogan-64 or sprites-infogan-cr-64.
        codes: one number for each slider, -1 to 1, or a category from 0; null for the codes of the seed. For faces-128
            0 is no change; its sliders are age, smile, glasses and others, see its card.
        seed: of everything that has no slider, 0 to 2147483647.
        set: of the sliders of faces-128, "sliders" (with names) or "sefa" (found without labels); others have one set.
        z: for faces-128 the latent of a face in place of the seed's, 128 numbers, as encode_face gives it.

    Returns:
        a PNG file, as a data URI: 128 x 128 pixels for faces-128, else 64 x 64.
    """
    network, setting = opened({"model": model, "codes": codes, "seed": seed, "set": set, "z": z})
    return data_uri(png(paint_one(network, (setting.codes, setting.base))), "png")


def traverse(model: str = DEFAULT, code: int = 0, seed: int = 1, set: str = "sliders") -> list[str]:
    """What one code does: pictures in which it runs over its range and all others stay at the codes of the seed.

    Args:
        model: faces-128, faces-celeba-64, scenes-infogan-cr-64, scenes-infogan-64 or sprites-infogan-cr-64.
        code: 0 for the first slider.
        seed: 0 to 2147483647.
        set: of the sliders of faces-128, "sliders" (with names) or "sefa" (found without labels); others have one set.

    Returns:
        one PNG file per place, as data URIs: 8, or one for each category.
    """
    network, setting = opened({"model": model, "seed": seed, "set": set})
    check_whole(code, "code", 0, len(setting.codes) - 1)
    with drawing_lock:
        pictures = paint(network, along(network, rows(setting)[0], int(code), STRIP), seed=setting.base)
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
    with drawing_lock:
        return [round(float(code), 4) for code in read_codes(network, picture)[0]]


# --- settings ----------------------------------------------------------------------------------------------------


def opened(fields: Mapping[str, object]) -> tuple[Network, Setting]:
    """The network and the slider positions that a script, a link or a program names. Raises LatentLabError."""
    model = fields.get("model") or DEFAULT
    if model not in OFFERED:
        raise InvalidInput(f"There are no sliders for {str(model)[:60]!r}; choose one of {', '.join(OFFERED)}.")
    seed = whole(fields.get("seed") or 1 if fields.get("seed") != 0 else 0, "seed")
    check_whole(seed, "seed", 0, LARGEST_SEED)
    kind = str(fields.get("set") or next(iter(SETS))) if model == FACES else ""
    if kind and kind not in SETS:
        raise InvalidInput(f"There is no set of sliders {kind[:60]!r}; choose one of {', '.join(SETS)}.")
    network: Network = face_sliders(kind) if kind else load(str(model))
    latent = in_latent_space(network, fields.get("z"))
    codes = fields.get("codes")
    if codes is None or codes == "":
        return network, Setting(str(model), tuple(tidy(random_codes(network, seed))), seed, kind, latent)
    if isinstance(codes, str):
        codes = codes.split(",")
    return network, Setting(str(model), tuple(tidy(in_range(network, codes))), seed, kind, latent)


def face_sliders(kind: str) -> FaceSliders:
    """The generator of faces with one of its sets of sliders. Raises NetworkUnavailable."""
    return together(load(FACES), load(FACES, part=kind))


@functools.lru_cache(maxsize=8)
def together(generator: FastGANGenerator, transformer: LatentTransformer) -> FaceSliders:
    """One object for one pair, so that what several visitors ask of it is drawn together."""
    return FaceSliders(generator, transformer)


def in_latent_space(network: Network, latent: object) -> tuple[float, ...]:
    """A latent that is sent, with two decimals; nothing for networks that have none. Raises InvalidInput."""
    if latent is None or latent == "" or not isinstance(network, FaceSliders):
        return ()
    size = network.generator.config.latent_size
    try:
        numbers = np.asarray(latent.split(",") if isinstance(latent, str) else latent, dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        numbers = np.empty(0, np.float32)
    if numbers.shape != (size,) or not (np.abs(numbers) <= LARGEST_NUMBER).all() or not numbers.any():
        raise InvalidInput(
            f"The latent of a face has to be {size} numbers from -{LARGEST_NUMBER:g} to {LARGEST_NUMBER:g}, not all 0."
        )
    return tuple(tidy(numbers))


def in_range(network: Network, codes: object) -> NDArray[np.float32]:
    """Codes (K,) as numbers. Raises InvalidInput."""
    if isinstance(network, InfoGAN):
        row: NDArray[np.float32] = checked_codes(network, codes)[0]  # type: ignore[arg-type]
        return row
    try:
        numbers = np.asarray(codes, dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput("The codes are not numbers; one number from -1 to 1 for each slider is accepted.") from None
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
    fields: dict[str, object] = {"tab": "latent", "model": setting.model}
    if setting.set:
        fields["set"] = setting.set
    fields |= {"codes": ",".join(f"{code:g}" for code in setting.codes), "seed": setting.seed}
    if setting.latent:
        fields["z"] = ",".join(f"{number:g}" for number in setting.latent)
    return urlencode(fields, safe=",")


def to_python(setting: Setting) -> str:
    """The lines that draw the same picture."""
    if CATALOGUE[setting.model].family == "infogan":
        return (
            "from models import load\nfrom models.infogan.network import encode, generate\n\n"
            f'network = load("{setting.model}")\ncodes = {list(setting.codes)}\n'
            f"picture = generate(network, codes, seed={setting.seed})  # uint8 (1, 64, 64, C)\n"
            "print(encode(network, picture))"
        )
    if setting.set:
        start = (
            f"np.array([{list(setting.latent)}], dtype=np.float32)"
            if setting.latent
            else f"draw_latents(generator.config.latent_size, seed={setting.seed}, count=1)"
        )
        return (
            "import numpy as np\nfrom models import load\nfrom models.gan import draw, draw_latents\n"
            "from models.faces.latent_transformer import moved\n\n"
            f'generator, sliders = load("{setting.model}"), load("{setting.model}", part="{setting.set}")\n'
            f"amounts = np.array([{list(setting.codes)}])  # {', '.join(sliders_of(setting))}\n"
            f"latents = moved(sliders, {start}, amounts)\n"
            "picture = draw(generator, latents)  # uint8 (1, 128, 128, 3)"
        )
    return (
        "import numpy as np\nfrom models import load\nfrom models.sliders import paint\n\n"
        f"codes = np.array([{list(setting.codes)}])\n"
        f'picture = paint(load("{setting.model}"), codes, seed={setting.seed})  # uint8 (1, 64, 64, C)'
    )


def sliders_of(setting: Setting) -> tuple[str, ...]:
    """The names of the sliders of a set."""
    return face_sliders(setting.set).transformer.config.names


def titles_of(network: Network) -> list[str]:
    """What stands above each slider."""
    if isinstance(network, FaceSliders):
        names = network.transformer.config.names
        return [TITLES.get(name, f"Direction {number + 1}") for number, name in enumerate(names)]
    return [f"Code {number + 1}" for number in range(len(types_of(network)))]


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
        fields: "model", "set", "codes", "seed" and "z" of a link; what is missing stands at its default, wrong codes
            give a notice.

    Returns:
        what `move` returns, and "types", "titles" (of the sliders), "models" (those offered), "sets" (of sliders, those
        offered), "beside" (networks with the same sliders), "reads", "world"; "notice" if another setting was asked
        for.
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
        "titles": titles_of(network),
        "sets": [[name, title] for name, title in SETS.items()] if setting.set else [],
        "models": [[name, CATALOGUE[name].title] for name in OFFERED],
        "beside": [[name, CATALOGUE[name].title] for name in alike(setting.model, network)],
        "reads": isinstance(network, InfoGAN),
        "world": network.config.world if isinstance(network, InfoGAN) else "faces",
        "notice": notice,
    }


def alike(model: str, network: Network) -> list[str]:
    """The other networks that can be shown beside one: of the same world, with the same sliders."""
    if not isinstance(network, InfoGAN):
        family = CATALOGUE[model].family
        return [name for name in OFFERED if name != model and family == CATALOGUE[name].family == "gan-generator"]
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
    pictures = [paint_one(network, (setting.codes, setting.base)) for network in networks]
    return {
        "model": setting.model,
        "set": setting.set,
        "codes": list(setting.codes),
        "seed": setting.seed,
        "z": list(setting.latent),
        "side": len(pictures[0]),
        "pictures": [data_uri(png(picture), "png") for picture in pictures],
        "link": to_query(setting),
    }


@careful
def strips(fields: Values) -> Values:
    """A strip for every code: it runs over its range, the others stay; and one strip to the picture of another seed.

    Returns:
        "sheet", all strips below each other as a picture of "columns" columns; "counts", how many each strip has.
    """
    network, setting = opened(fields)
    start, other = rows(setting)[0], other_seed(fields, setting)
    columns = STRIP_OF_FACES if isinstance(network, FaceSliders) else STRIP
    paths = [along(network, start, code, columns) for code in range(len(setting.codes))]
    if not isinstance(network, FaceSliders):
        paths.append(between(network, start, random_codes(network, other), columns))
    with drawing_lock:
        pictures = paint(network, np.concatenate(paths), seed=setting.base)
        parts = np.split(pictures, np.cumsum([len(path) for path in paths])[:-1])
        if isinstance(network, FaceSliders):
            parts.append(way_of_faces(network, setting, other, columns))
    sheet = np.full((len(parts), columns, *pictures.shape[1:]), 255, np.uint8)
    for row, part in zip(sheet, parts, strict=True):
        row[: len(part)] = part
    every = sheet.reshape(-1, *pictures.shape[1:])
    return {
        "sheet": data_uri(webp(tile(every, columns=columns)), "webp"),
        "columns": columns,
        "counts": [len(part) for part in parts],
    }


def way_of_faces(network: FaceSliders, setting: Setting, to: int, steps: int) -> Pictures:
    """A face on its way to that of another seed, the sliders where they stand: uint8 (steps, H, W, 3)."""
    size = network.generator.config.latent_size
    start, end = latent_of(setting.base, size)[0], latent_of(to, size)[0]
    way = [tuple(map(float, latent)) for latent in interpolate(start, end, steps=steps)]
    return paint(network, np.repeat(rows(setting), steps, axis=0), seed=list[Base](way))


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
        to, name = other_seed(fields, setting), "seeds"
        path = between(network, start, random_codes(network, to), FILM)
    else:
        number = whole(code, "code")
        check_whole(number, "code", 0, len(setting.codes) - 1)
        path, name = along(network, start, number, FILM), f"code-{number + 1}"
        if isinstance(network, FaceSliders):
            name = network.transformer.config.names[number].replace(" ", "-")
    with drawing_lock:
        if code == "to" and isinstance(network, FaceSliders):
            pictures = way_of_faces(network, setting, to, FILM)
        else:
            pictures = paint(network, path, seed=setting.base)
    rate = 20 if len(path) == FILM else 2
    return {
        "name": f"latent-lab_{setting.model}_{name}.gif",
        "content": data_uri(gif(enlarge(pictures, FILM_SIDE // pictures.shape[1]), rate=rate), "gif"),
    }


@careful
def meter(fields: Values) -> Values:
    """What each code moves: "names" (one for each code), "factors", "movements" (codes by factors, 0 to 1)."""
    network, setting = opened({name: fields.get(name) for name in ("model", "set")})
    if isinstance(network, FaceSliders):
        return measured(setting.set)
    reader = reader_of(network)
    if reader is None or not isinstance(network, InfoGAN):
        return {"names": [], "factors": [], "movements": []}
    with drawing_lock:
        found = effects(network, reader)
    return {
        "names": [effect.name for effect in found],
        "factors": list(reader.config.names),
        "movements": [list(effect.movements) for effect in found],
    }


def measured(kind: str) -> Values:
    """What `meter` says of the sliders of faces: as it was measured when they were made."""
    found = read_effects(find(FACES) / kind)
    return {
        "names": ["" if kind == "sliders" else in_words(effect) for effect in found],
        "factors": list(NAMED) if found else [],
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
    with drawing_lock:
        codes = tidy(read_codes(network, picture)[0])
    _, setting = opened({"model": model, "codes": codes, "seed": fields.get("seed")})
    with drawing_lock:
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
        figures = foldouts.figures_of(name)
        if "mig" in figures:
            found.append(
                [CATALOGUE[name].title, *(figures[key] for key in ("factor_vae", "dci_disentanglement", "mig"))]
            )
    found += [[title, *values.values()] for title, values in PUBLISHED.items()]
    return {"rows": found}


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of a setting."""
    try:
        _, setting = opened({name: getattr(event, name, None) for name in ("model", "set", "codes", "seed", "z")})
    except LatentLabError:
        setting = Setting(DEFAULT, (), 1)
    return foldouts.describe_network(setting.model), foldouts.share(
        to_query(setting), to_python(setting), setting.model
    )
