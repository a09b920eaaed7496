"""Scenes in the manner of 3D Shapes (Burgess and Kim, 2018): a room, and one thing in its middle.

A ray caster of our own, its constants fitted to the published pictures; no picture of theirs is needed. The six
factors, their order and their values are the originals', so that a score measured here means what it means in the
papers. Hue is a circle: 0 and 1 are both red.
"""

import functools
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InvalidInput
from models.pixels import Pictures

SIDE = 64  # px
SHAPES = ("cube", "cylinder", "ball", "capsule")
HUES = ("red", "orange", "lime", "green", "mint", "cyan", "azure", "blue", "violet", "pink")  # at 0, 0.1, ... 0.9

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Factor:
    """One thing that differs between pictures."""

    name: str  # what a visitor reads
    values: tuple[float, ...]  # of its indices 0, 1, ... on the grid
    unit: str = ""

    @property
    def size(self) -> int:
        """How many values the grid has."""
        return len(self.values)


TENTHS = tuple(i / 10 for i in range(10))
FACTORS = (
    Factor("floor hue", TENTHS),
    Factor("wall hue", TENTHS),
    Factor("object hue", TENTHS),
    Factor("scale", tuple(np.linspace(0.75, 1.25, 8).tolist())),
    Factor("shape", (0, 1, 2, 3)),
    Factor("orientation", tuple(np.linspace(-30, 30, 15).tolist()), "degrees"),
)
SIZES = tuple(factor.size for factor in FACTORS)  # (10, 10, 10, 8, 4, 15): 480,000 pictures

# The camera, the room and the light: one fit to 50 published pictures (mean error 4.5 of 255). Lengths in one arbitrary
# unit; x to the right, y away from the camera, z up; the object stands on the origin.
CAMERA = {"distance": 3.9466347, "height": 1.2285580, "target": 1.2479726, "field": 52.549137}  # field of view, degrees
ROOM = {"back": 5.6434924, "side": 5.7084194, "height": 3.4852444}
CUBE = {"half_side": 0.5917167, "half_height": 0.6017385}
CYLINDER = {"radius": 0.6237726, "half_height": 0.6344302}
BALL = {"radius": 0.7071725}
CAPSULE = {"radius": 0.5320712, "half_straight": 0.5805886}
LIGHT = (-0.2878833, 0.0930225, 1.0)  # direction to it, before normalisation
SKY = (153, 226, 249)  # RGB
WALL = {"ambient": 0.4586759, "headlight": 0.5584815}
FLOOR = {"ambient": 0.3375850, "diffuse": 0.7240336, "x": -0.6593207, "y": 0.1232662, "radius": -0.3625019}
THING = {"ambient": 0.3611380, "diffuse": 1.1331210, "headlight": 0.5816723, "specular": 0.1662107, "shininess": 10}
CONSTANTS = (CAMERA, ROOM, CUBE, CYLINDER, BALL, CAPSULE, LIGHT, SKY, WALL, FLOOR, THING, SIDE)

ANTIALIAS = 3  # rays per pixel and direction
LEVELS = 6  # a fully saturated hue of tenths has channels 0, 0.2, ... 1 only
LAYERS = 3 + 3 * LEVELS  # sky in R, G, B; floor, wall and object at each level
FEW = 40  # geometries that are cast singly; for more, the whole table is made once (about 15 s)
CHUNK = 256  # pictures at a time; more leave the processor's cache


# --- the grid ----------------------------------------------------------------------------------------------------


def render(factors: ArrayLike) -> Pictures:
    """The pictures of points on the grid, exactly; over 20,000 a second once the table is made.

    Args:
        factors: whole numbers (N, 6): indices of floor hue, wall hue, object hue (0 to 9), scale (0 to 7), shape
            (0 to 3: cube, cylinder, ball, capsule) and orientation (0 to 14).

    Returns:
        uint8 (N, 64, 64, 3).

    Raises:
        InvalidInput: another shape, not whole, or out of range.
    """
    indices = checked(factors, FACTORS)
    floor, wall, thing, scale, shape, orientation = indices.T
    geometry = (shape * 8 + scale) * 15 + orientation
    table = layers_of(np.unique(geometry))
    palette = np.rint(np.stack([rgb(hue) for hue in TENTHS]) * (LEVELS - 1)).astype(np.int64)  # (10, 3) levels
    pictures = np.empty((len(indices), SIDE, SIDE, 3), np.uint8)
    for start in range(0, len(indices), CHUNK):
        rows = slice(start, start + CHUNK)
        place = geometry[rows, None]  # (n, 1)
        drawn = table[place, np.arange(3)]  # (n, 3, 64, 64), the sky
        for surface, hue in enumerate((floor, wall, thing)):
            drawn += table[place, 3 + surface * LEVELS + palette[hue[rows]]]
        pictures[rows] = drawn.transpose(0, 2, 3, 1)
    return pictures


def values_of(factors: ArrayLike) -> Numbers:
    """What the indices of the grid stand for: (N, 6), as `cast` takes them."""
    indices = checked(factors, FACTORS)
    return np.stack([np.take(factor.values, indices[:, k]) for k, factor in enumerate(FACTORS)], axis=1)


def checked(factors: ArrayLike, table: Sequence[Factor]) -> Whole:
    """Indices (N, K) into a table of K factors. Raises InvalidInput."""
    indices = np.asarray(factors)
    if indices.ndim != 2 or indices.shape[1] != len(table) or not np.issubdtype(indices.dtype, np.integer):
        raise InvalidInput(
            f"The factors are {indices.dtype} {indices.shape}; whole numbers (N, {len(table)}) are accepted, "
            f"in the order {', '.join(factor.name for factor in table)}."
        )
    for k, factor in enumerate(table):
        wrong = indices[(indices[:, k] < 0) | (indices[:, k] >= factor.size), k]
        if len(wrong):
            raise InvalidInput(f"The {factor.name} is {wrong[0]}; it has to be from 0 to {factor.size - 1}.")
    return indices.astype(np.int64)


# --- any values --------------------------------------------------------------------------------------------------


def cast(values: ArrayLike, *, antialias: int = ANTIALIAS) -> Pictures:
    """The pictures of any factor values, by casting rays; about 30 ms each.

    Args:
        values: numbers (N, 6): three hues (any number, the whole part does not count), scale (0.5 to 1.5), shape
            (0 to 3), orientation (degrees, -60 to 60).
        antialias: rays per pixel and direction.

    Returns:
        uint8 (N, 64, 64, 3).

    Raises:
        InvalidInput: another shape, or a scale, shape or orientation that the room does not allow.
    """
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != len(FACTORS) or not np.isfinite(rows).all():
        raise InvalidInput(f"The factor values are {rows.shape}; finite numbers (N, {len(FACTORS)}) are accepted.")
    pictures = np.empty((len(rows), SIDE, SIDE, 3), np.uint8)
    for picture, (floor, wall, thing, scale, shape, orientation) in zip(pictures, rows, strict=True):
        for name, value, low, high in (("scale", scale, 0.5, 1.5), ("orientation", orientation, -60, 60)):
            if not low <= value <= high:
                raise InvalidInput(f"The {name} is {value:g}; it has to be from {low} to {high}.")
        if shape not in range(len(SHAPES)):
            raise InvalidInput(f"The shape is {shape:g}; it has to be 0 (cube), 1 (cylinder), 2 (ball) or 3 (capsule).")
        surfaces = shade(int(shape), scale, orientation, antialias)
        light = surfaces.sky[..., None] * np.array(SKY)  # (side, side, 3) in 0 to 255, per ray
        for mask, hue in ((surfaces.floor, floor), (surfaces.wall, wall)):
            light = light + lit(mask[..., None] * rgb(hue))
        light += lit(surfaces.thing[..., None] * rgb(thing) + surfaces.shine[..., None])
        picture[:] = averaged(light, antialias)
    return pictures


def rgb(hue: float) -> Numbers:
    """The fully saturated colour of a hue: HSV (hue mod 1, 1, 1) as R, G, B in 0 to 1, float64 (3,)."""
    sector = np.array([0, 2 / 3, 1 / 3]) + hue % 1  # distance from red, green, blue around the circle
    return np.asarray(np.clip(np.abs(sector % 1 * 6 - 3) - 1, 0, 1))


@dataclass(frozen=True)
class Surfaces:
    """What each ray meets: brightness of the surface there per unit of its colour, 0 where it meets another one."""

    sky: Numbers  # each (side, side), side = 64 * antialias
    floor: Numbers
    wall: Numbers
    thing: Numbers
    shine: Numbers  # white light that the object adds to its colour


def shade(shape: int, scale: float, orientation: float, antialias: int) -> Surfaces:
    """Casts the rays of one picture. The camera walks around the object by `orientation` degrees."""
    angle = np.deg2rad(orientation)
    eye = np.array([np.sin(angle), -np.cos(angle), 0]) * CAMERA["distance"] + [0, 0, CAMERA["height"]]
    forward = unit(np.array([0, 0, CAMERA["target"]]) - eye)
    right = unit(np.cross(forward, [0, 0, 1]))
    up = np.cross(right, forward)
    count = SIDE * antialias
    offsets = ((np.arange(count) + 0.5) / count * 2 - 1) * np.tan(np.deg2rad(CAMERA["field"]) / 2)
    rays = forward + offsets[None, :, None] * right - offsets[:, None, None] * up  # (side, side, 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance, normal = hit(shape, scale, eye, rays)
        met = np.isfinite(distance)
        to_floor = np.where(rays[..., 2] < 0, -eye[2] / rays[..., 2], np.inf)
        walls = np.stack(
            [
                np.where(rays[..., 1] > 0, (ROOM["back"] - eye[1]) / rays[..., 1], np.inf),
                np.where(rays[..., 0] > 0, (ROOM["side"] - eye[0]) / rays[..., 0], np.inf),
                np.where(rays[..., 0] < 0, (-ROOM["side"] - eye[0]) / rays[..., 0], np.inf),
            ]
        )  # (3, side, side)
        to_wall = walls.min(0)
    on_floor = ~met & (to_floor < to_wall)
    on_wall = ~met & ~on_floor & (eye[2] + to_wall * rays[..., 2] <= ROOM["height"])

    light = unit(np.array(LIGHT))
    toward_eye = -forward
    faces = np.array([[0, -1, 0], [-1, 0, 0], [1, 0, 0]]) @ toward_eye  # (3,)
    wall = WALL["ambient"] + WALL["headlight"] * np.maximum(faces, 0)[walls.argmin(0)]

    point = eye + np.where(on_floor, to_floor, 0)[..., None] * rays
    x, y = point[..., 0] / 5, point[..., 1] / 5
    with np.errstate(divide="ignore", invalid="ignore"):
        shadow, _ = hit(shape, scale, point, np.broadcast_to(light, point.shape))
    glow = np.maximum(1 + FLOOR["x"] * x + FLOOR["y"] * y + FLOOR["radius"] * (x**2 + y**2), 0)
    floor = FLOOR["ambient"] + FLOOR["diffuse"] * np.where(np.isfinite(shadow), 0, glow)

    half = unit(light + toward_eye)
    thing = (
        THING["ambient"]
        + THING["diffuse"] * np.maximum(normal @ light, 0)
        + THING["headlight"] * np.maximum(normal @ toward_eye, 0)
    )
    shine = THING["specular"] * np.maximum(normal @ half, 0) ** THING["shininess"]
    return Surfaces(
        sky=(~met & ~on_floor & ~on_wall).astype(np.float64),
        floor=np.where(on_floor, floor, 0),
        wall=np.where(on_wall, wall, 0),
        thing=np.where(met, thing, 0),
        shine=np.where(met, shine, 0),
    )


def hit(shape: int, scale: float, origin: Numbers, rays: Numbers) -> tuple[Numbers, Numbers]:
    """Where rays first meet the object from outside.

    Args:
        origin: (3,) or (side, side, 3).
        rays: directions (side, side, 3), of any length.

    Returns:
        distances in lengths of the ray (side, side), inf for a miss; outward unit normals (side, side, 3).
    """
    if shape == 0:
        return hit_box(np.array([CUBE["half_side"], CUBE["half_side"], CUBE["half_height"]]) * scale, origin, rays)
    if shape == 1:
        return hit_cylinder(CYLINDER["radius"] * scale, CYLINDER["half_height"] * scale, origin, rays)
    if shape == 2:
        return hit_ball(BALL["radius"] * scale, BALL["radius"] * scale, origin, rays)
    radius, half_straight = CAPSULE["radius"] * scale, CAPSULE["half_straight"] * scale
    side = hit_cylinder(radius, half_straight, origin - [0, 0, radius], rays)
    parts = [side, *(hit_ball(radius, height, origin, rays) for height in (radius, radius + 2 * half_straight))]
    return nearest(parts)


def nearest(parts: list[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """The first of several hits of the same rays."""
    distance, normal = parts[0]
    for other, other_normal in parts[1:]:
        closer = other < distance
        distance = np.where(closer, other, distance)
        normal = np.where(closer[..., None], other_normal, normal)
    return distance, normal


def hit_box(half: Numbers, origin: Numbers, rays: Numbers) -> tuple[Numbers, Numbers]:
    """A box of half sides (3,) that stands on the origin: the slab method."""
    middle = np.array([0, 0, half[2]])
    inverse = 1 / np.where(rays == 0, 1e-12, rays)
    first, second = (middle - half - origin) * inverse, (middle + half - origin) * inverse
    entries = np.minimum(first, second)  # (side, side, 3)
    entry, leaving = entries.max(-1), np.maximum(first, second).min(-1)
    outside = (entry > leaving) | (entry <= 1e-9)
    normal = -np.sign(rays) * np.eye(3)[entries.argmax(-1)]
    return np.where(outside, np.inf, entry), normal


def hit_cylinder(radius: float, half_height: float, origin: Numbers, rays: Numbers) -> tuple[Numbers, Numbers]:
    """An upright cylinder that stands on the origin: its side, or its flat top."""
    origin = np.broadcast_to(origin, rays.shape)
    distance = first_root(origin[..., :2], rays[..., :2], radius)
    point = origin + np.where(np.isfinite(distance), distance, 0)[..., None] * rays
    inside = np.isfinite(distance) & (point[..., 2] >= 0) & (point[..., 2] <= 2 * half_height)
    side = np.where(inside, distance, np.inf), point * [1, 1, 0] / radius
    to_top = (2 * half_height - origin[..., 2]) / np.where(rays[..., 2] == 0, 1e-12, rays[..., 2])
    across = np.square(origin[..., :2] + to_top[..., None] * rays[..., :2]).sum(-1)
    top = np.where((rays[..., 2] < 0) & (to_top > 1e-9) & (across <= radius**2), to_top, np.inf)
    return nearest([side, (top, np.broadcast_to([0.0, 0.0, 1.0], rays.shape))])


def hit_ball(radius: float, height: float, origin: Numbers, rays: Numbers) -> tuple[Numbers, Numbers]:
    """A ball whose centre lies at a height above the origin."""
    from_centre = np.broadcast_to(origin, rays.shape) - [0, 0, height]
    distance = first_root(from_centre, rays, radius)
    return distance, (from_centre + np.where(np.isfinite(distance), distance, 0)[..., None] * rays) / radius


def first_root(origin: Numbers, rays: Numbers, radius: float) -> Numbers:
    """The smaller solution t > 0 of |origin + t ray| = radius, inf where there is none."""
    a = np.square(rays).sum(-1)
    b = (origin * rays).sum(-1)
    c = np.square(origin).sum(-1) - radius**2
    root = (-b - np.sqrt(b**2 - a * c)) / a  # nan for a miss
    return np.where(root > 1e-9, root, np.inf)


def unit(vector: Numbers) -> Numbers:
    """A vector (3,) of length 1."""
    return vector / np.linalg.norm(vector)


def lit(brightness: Numbers) -> Numbers:
    """Brightness, 1 for full, as a level: clipped to 0 to 255."""
    return np.asarray(np.clip(brightness, 0, 1) * 255)


def averaged(light: Numbers, antialias: int) -> Pictures:
    """Levels per ray (side, side, ...) as levels per pixel (64, 64, ...), rounded down so that layers can be added."""
    blocks = light.reshape(SIDE, antialias, SIDE, antialias, *light.shape[2:])
    levels: Pictures = np.floor(blocks.mean((1, 3)) + 1e-6).astype(np.uint8)
    return levels


# --- the table of all geometries ---------------------------------------------------------------------------------

making = threading.Lock()
singly: dict[int, Pictures] = {}  # geometries cast before there was a table


def layers_of(geometries: Whole) -> Pictures:
    """A table (480, 21, 64, 64) in which at least the given geometries are filled in."""
    with making:
        if table.cache_info().currsize or len(geometries) > FEW or table_file().is_file():
            return table()
        filled = np.zeros((int(geometries.max(initial=0)) + 1, LAYERS, SIDE, SIDE), np.uint8)
        for geometry in geometries.tolist():
            if geometry not in singly:
                singly[geometry] = cast_layers(geometry)
            filled[geometry] = singly[geometry]
        return filled


def cast_layers(geometry: int) -> Pictures:
    """The layers that every picture of one shape, scale and orientation is the sum of, (21, 64, 64)."""
    shape, scale, orientation = np.unravel_index(geometry, (4, 8, 15))
    surfaces = shade(int(shape), FACTORS[3].values[int(scale)], FACTORS[5].values[int(orientation)], ANTIALIAS)
    levels = np.linspace(0, 1, LEVELS)
    layers = [surfaces.sky * value for value in SKY]
    layers += [lit(surfaces.floor * level) for level in levels]
    layers += [lit(surfaces.wall * level) for level in levels]
    layers += [lit(surfaces.thing * level + surfaces.shine) for level in levels]
    return averaged(np.stack(layers, axis=-1), ANTIALIAS).transpose(2, 0, 1)


def cache_folder() -> Path:
    """Where tables are kept: LATENT_LAB_CACHE, else ~/.cache/latent-lab."""
    return Path(os.environ.get("LATENT_LAB_CACHE") or Path.home() / ".cache" / "latent-lab")


def table_file() -> Path:
    """The table's file; its name changes with the constants."""
    digest = hashlib.sha256(json.dumps([CONSTANTS, ANTIALIAS, 1]).encode()).hexdigest()[:12]
    return cache_folder() / f"scenes-{digest}.npy"


@functools.cache
def table() -> Pictures:
    """The layers of all 480 geometries, uint8 (480, 21, 64, 64), 41 MB: from the cache, or made (15 s) and kept."""
    return kept_table(table_file(), (480, LAYERS, SIDE, SIDE), lambda: map(cast_layers, range(480)))


def kept_table(file: Path, shape: tuple[int, ...], rows: Callable[[], Iterable[Pictures]]) -> Pictures:
    """A table of uint8 from a file; where that is missing or broken, made of its rows and, if possible, kept there."""
    try:
        found = np.load(file, mmap_mode="r")
        if found.shape == shape and found.dtype == np.uint8:
            return np.asarray(found)
    except (OSError, ValueError, EOFError):
        pass  # not there, or cut off
    made = np.empty(shape, np.uint8)
    for index, row in enumerate(rows()):
        made[index] = row
    beside = file.with_name(f"{file.name}.{os.getpid()}.npy")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(beside, made)
        os.replace(beside, file)
    except OSError:
        beside.unlink(missing_ok=True)  # a machine that may not be written to keeps it in memory only
    return made
