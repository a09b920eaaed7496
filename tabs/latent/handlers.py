"""What the stage of the tab "Latent sliders" asks for: pictures, strips, films, the leak meter, a picture read."""

import numpy as np

from data.grids import GRIDS
from media.film import gif
from media.images import data_uri, enlarge, png, webp
from media.incoming import read_address
from models import load
from models.catalogue import CATALOGUE
from models.errors import InvalidInput, LatentLabError
from models.faces.attributes import NAMED
from models.faces.effects import describe as in_words
from models.faces.effects import read_effects
from models.gan import LARGEST_SEED, check_whole, interpolate
from models.infogan.codes import categories
from models.infogan.network import InfoGAN
from models.infogan.network import encode as read_codes
from models.loading import find, weights_root
from models.pixels import Pictures, tile
from models.sliders import Base, FaceSliders, Network, along, between, effects, latent_of, random_codes, types_of
from page import foldouts
from server.fields import whole, whole_or
from server.guard import Values, stage_function
from serving.inference import paint, paint_one
from serving.lock import drawing_lock
from tabs.latent.permalink import to_query
from tabs.latent.settings import (
    DEFAULT,
    FACES,
    OFFERED,
    SETS,
    Setting,
    opened,
    reader_of,
    reading_network,
    rows,
    tidy,
    titles_of,
)

STRIP = 8  # pictures in a strip
STRIP_OF_FACES = 5  # the same where there are many strips, and larger pictures
FILM = 24  # frames of a film, one way
FILM_SIDE = 256  # px
# Mean difference between a picture and its reconstruction, in levels of 255, above which the two are not alike:
# rendered scenes stay under 35, photographs and noise are over 70.
FAR = 45.0
SCORES = ("factor_vae", "dci_disentanglement", "mig")  # of the table
PUBLISHED = {  # dSprites; Lin et al., "InfoGAN-CR and ModelCentrality", 2020, table 1
    "Sprites, InfoGAN-CR, published": {"factor_vae": 0.88, "dci_disentanglement": 0.71, "mig": 0.37},
    # 3D Shapes; Ren et al., "Learning Disentangled Representation by Exploiting Pretrained Generative
    # Models: A Contrastive Learning View", 2022, table 1
    "Scenes, InfoGAN-CR, published": {"factor_vae": 0.587, "dci_disentanglement": 0.478, "mig": 0.297},
    "Scenes, DisCo, published": {"factor_vae": 0.877, "dci_disentanglement": 0.708, "mig": 0.512},
}


@stage_function
def open_sliders(fields: Values) -> Values:
    """Everything the stage needs of one network.

    Args:
        fields: "model", "set", "codes", "seed" and "z" of a link; missing fields have their defaults, and for wrong
            ones there is a notice.

    Returns:
        what `move` returns, and "types", "titles" (of the sliders), "models" (those offered), "sets" (of sliders, those
        offered), "beside" (networks with the same sliders), "reads", "world"; "notice", why this is not the setting
        that was asked for, or nothing.
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
        others = [name for name in OFFERED if name != model and family == CATALOGUE[name].family == "gan-generator"]
        return [name for name in others if (weights_root() / name / "config.json").is_file()]
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


@stage_function
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
    """The answer of `move`: the pictures of one setting, and the fields that name it."""
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


@stage_function
def strips(fields: Values) -> Values:
    """One strip for each code, which runs over its range while the others stay, and one to the picture of another seed.

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
    seed = whole_or(fields.get("to"), (setting.seed + 1) % (LARGEST_SEED + 1), "second seed")
    check_whole(seed, "second seed", 0, LARGEST_SEED)
    return seed


@stage_function
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


@stage_function
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
    """The answer of `meter` for the sliders of faces, which was measured when they were trained."""
    found = read_effects(find(FACES) / kind)
    return {
        "names": ["" if kind == "sliders" else in_words(effect) for effect in found],
        "factors": list(NAMED) if found else [],
        "movements": [list(effect.movements) for effect in found],
    }


@stage_function
def read_picture(fields: Values) -> Values:
    """The codes of a picture, so that the sliders can be set to them.

    Args:
        fields: "model"; "image", a data URI, or nothing for a picture that is rendered on the spot
            from the seed "render".

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
        seed = whole_or(fields.get("render"), 1, "seed")
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


@stage_function
def scores(_fields: Values) -> Values:
    """The scores of all networks that have some, and published ones: "rows" of title, FactorVAE, DCI, MIG."""
    found = []
    for name in OFFERED:
        figures = foldouts.figures_of(name)
        if "mig" in figures:
            found.append([CATALOGUE[name].title, *(figures[key] for key in SCORES)])
    found += [[title, *values.values()] for title, values in PUBLISHED.items()]
    return {"rows": found}
