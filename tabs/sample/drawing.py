"""What the Sample tab shows, as one value: its permalink and its Python lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from models.errors import InvalidInput
from models.faces.lineage import check_path
from models.faces.steering import Steering
from models.gan import LARGEST_SEED, check_number, check_whole
from models.ladder import LADDER_SEED
from server.fields import number, whole
from tabs.networks import called
from tabs.sample.networks import GENERATORS

LARGEST_COUNT = 64  # pictures in one answer
FEWEST_FRAMES, MOST_FRAMES = 2, 64  # of a morph
MODES = {"gallery": "Gallery", "morph": "Morph"}


@dataclass(frozen=True)
class Drawing:
    """Everything that decides what the Sample tab shows. Two equal drawings show the same pictures."""

    model: str = next(iter(GENERATORS))  # a name of the catalogue, a Hub id, or one of an upload
    seed: int = 1
    count: int = 6  # pictures in the gallery
    truncation: float = 0.8  # 0 (all alike) to 1 (full variety)
    step: int | None = None  # of the training, one of the ladder's, see `wound_back`; None for the finished network
    path: tuple[int, ...] = ()  # picked faces, see models.faces.lineage
    mode: str = "gallery"  # a key of MODES
    to: int = 2  # seed where the morph ends
    frames: int = 32  # of the morph
    steering: Steering = field(default_factory=Steering)  # of a network of others

    def __post_init__(self) -> None:
        if not isinstance(self.model, str):
            raise InvalidInput(f"The network is {str(self.model)[:80]}; it has to be a name.")
        check_whole(self.seed, "seed", 0, LARGEST_SEED)
        check_whole(self.count, "number of pictures", 1, LARGEST_COUNT)
        check_number(self.truncation, "variety (truncation)", 0.0, 1.0)
        check_path(self.path)
        check_whole(self.to, "second seed", 0, LARGEST_SEED)
        check_whole(self.frames, "number of frames", FEWEST_FRAMES, MOST_FRAMES)
        if self.step is not None:
            check_whole(self.step, "training step", 0, LARGEST_SEED)
        if self.mode not in MODES:
            raise InvalidInput(f"The mode is {self.mode[:80]!r}; {' and '.join(MODES)} are accepted.")

    @property
    def name(self) -> str:
        """For files: the network and what was drawn."""
        parts = [self.model.rpartition("/")[2], f"seed-{self.seed}"]
        if self.step is not None:
            parts.append(f"step-{self.step}")
        if self.mode == "morph":
            parts.append(f"to-{self.to}")
        elif self.path:
            parts.append("path-" + "-".join(map(str, self.path)))
        if self.steering.fine_seed is not None:
            parts.append(f"mix-{self.steering.fine_seed}")
        if self.steering.label:
            parts.append(f"class-{self.steering.label}")
        return "_".join(parts)


def wound_back(drawing: Drawing) -> Drawing:
    """A drawing that asks for a training step as the ladder can show it: its pictures are those of one seed, at full
    variety, and it keeps no neighbours. Of a morph it keeps nothing, so that is of the finished network."""
    if drawing.step is None:
        return drawing
    if drawing.mode == "morph":
        return replace(drawing, step=None)
    return replace(drawing, seed=LADDER_SEED, truncation=1.0, path=())


# --- permalink and code ------------------------------------------------------------------------------------------


def to_query(drawing: Drawing) -> str:
    """The drawing as the query of a permalink, without the question mark; the inverse of `from_query`."""
    fields: dict[str, object] = {"tab": "sample", "model": drawing.model, "seed": drawing.seed}
    if drawing.mode == "morph":
        fields |= {"mode": "morph", "to": drawing.to, "frames": drawing.frames}
    else:
        fields["count"] = drawing.count
    fields["truncation"] = f"{drawing.truncation:g}"
    if drawing.step is not None:
        fields["step"] = drawing.step
    if drawing.path:
        fields["path"] = "-".join(map(str, drawing.path))
    if drawing.steering.fine_seed is not None:
        fields |= {"mix": drawing.steering.fine_seed, "crossover": drawing.steering.crossover}
    if drawing.steering.label:
        fields["class"] = drawing.steering.label
    if any(drawing.steering.moves):
        fields["sefa"] = "_".join(f"{move:g}" for move in drawing.steering.moves)
    return urlencode(fields, safe="/")


def from_query(query: str | Mapping[str, str]) -> Drawing:
    """The drawing of a permalink; what it does not say stands at its default, what it should not say is passed over. Of
    an earlier training step there is what the ladder keeps, see `wound_back`.

    Raises:
        InvalidInput: a value that is no number, or out of its range.
    """
    fields = dict(parse_qsl(query.removeprefix("?"))) if isinstance(query, str) else query
    default = Drawing()
    drawing = Drawing(
        model=called(fields.get("model", default.model)),
        seed=whole(fields.get("seed", default.seed), "seed"),
        count=whole(fields.get("count", default.count), "number of pictures"),
        truncation=number(fields.get("truncation", default.truncation), "variety (truncation)"),
        step=whole(fields["step"], "training step") if "step" in fields else None,
        path=to_path(fields.get("path", "")),
        mode=fields.get("mode", default.mode),
        to=whole(fields.get("to", default.to), "second seed"),
        frames=whole(fields.get("frames", default.frames), "number of frames"),
        steering=to_steering(
            fields.get("mix"), fields.get("crossover"), fields.get("sefa", "").split("_"), fields.get("class")
        ),
    )
    return wound_back(drawing)


def to_steering(fine_seed: object, crossover: object, moves: Sequence[object], label: object) -> Steering:
    """What mixes styles, moves along directions and chooses a class, as somebody typed it. Raises InvalidInput."""
    return Steering(
        fine_seed=None if fine_seed in (None, "") else whole(fine_seed, "seed of the fine styles"),
        crossover=whole(crossover or 1, "first layer with fine styles"),
        moves=tuple(number(move, "position along a direction") for move in moves if move != ""),
        label=whole(label or 0, "class"),
    )


def to_path(text: str) -> tuple[int, ...]:
    """ "5-3" → (5, 3). Raises InvalidInput."""
    return tuple(whole(pick, "number of a picked face") for pick in text.split("-")) if text else ()


def to_python(drawing: Drawing) -> str:
    """The Python lines that draw the same pictures, or read them where they are of an earlier training step."""
    if drawing.step is not None:
        return (
            "from models.ladder import read_ladder\nfrom models.loading import find\n\n"
            f'folder = find("{drawing.model}")\n'
            f"pictures = read_ladder(folder, step={drawing.step})[:{drawing.count}]  # uint8 (N, H, W, C)"
        )
    if drawing.steering:
        imports, call = steered_python(drawing)
    elif drawing.mode == "morph":
        imports = "from models.gan import morph"
        call = (
            f"pictures = morph(network, seed_a={drawing.seed}, seed_b={drawing.to}, frames={drawing.frames}, "
            f"truncation={drawing.truncation:g})"
        )
    elif drawing.path:
        imports = "from models.gan import draw\nfrom models.faces.lineage import children"
        call = (
            f"latents = children(network.config.latent_size, seed={drawing.seed}, path={drawing.path}, "
            f"count={drawing.count})\n"
            f"pictures = draw(network, latents, truncation={drawing.truncation:g})"
        )
    else:
        imports = "from models.gan import generate"
        call = (
            f"pictures = generate(network, seed={drawing.seed}, count={drawing.count}, "
            f"truncation={drawing.truncation:g})"
        )
    return f'from models import load\n{imports}\n\nnetwork = load("{drawing.model}")\n{call}  # uint8 (N, H, W, C)'


def steered_python(drawing: Drawing) -> tuple[str, str]:
    """Imports and lines that draw steered pictures."""
    size = "network.config.latent_size"
    if drawing.mode == "morph":
        imports = "from models.gan import draw_latents, interpolate"
        seeds = f"({drawing.seed}, {drawing.to})"
        latents = (
            f"start, end = (draw_latents({size}, seed=seed, count=1)[0] for seed in {seeds})\n"
            f"latents = interpolate(start, end, steps={drawing.frames})"
        )
    else:
        imports = "from models.faces.lineage import children"
        latents = f"latents = children({size}, seed={drawing.seed}, path={drawing.path}, count={drawing.count})"
    return (
        f"{imports}\nfrom models.faces.steering import Steering, draw_steered",
        f"{latents}\nsteering = {drawing.steering}\n"
        f"pictures = draw_steered(network, latents, steering, truncation={drawing.truncation:g})",
    )
