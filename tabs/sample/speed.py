"""How long a large network of others takes for a picture here, and how many it draws for a visitor or a program."""

import threading
import time
import weakref

from models.errors import InvalidInput
from models.gan import LargeGenerator, LatentGenerator, draw, draw_latents
from serving.lock import drawing_lock

LONGEST = 20.0  # seconds that an answer to a program may take
PATIENCE = 240.0  # seconds of drawing that a visitor may ask for at a time; they see it and can stop it

measured: weakref.WeakKeyDictionary[LatentGenerator, float] = weakref.WeakKeyDictionary()
measuring = threading.Lock()


def is_large(network: LatentGenerator) -> bool:
    """Whether a network takes long enough for a picture that visitors should know."""
    return isinstance(network, LargeGenerator)


def seconds_a_picture(network: LatentGenerator) -> float:
    """Seconds that a picture takes, measured once by drawing one; 0 of networks that are fast anyway."""
    if not is_large(network):
        return 0.0
    with measuring:
        if network not in measured:
            latents = draw_latents(network.config.latent_size, seed=0, count=1)
            with drawing_lock:
                begun = time.monotonic()
                draw(network, latents)
            measured[network] = time.monotonic() - begun
        return measured[network]


def most_pictures(network: LatentGenerator, wanted: int, longest: float = PATIENCE) -> int:
    """How many of the wanted pictures are drawn in so many seconds, at least one."""
    seconds = seconds_a_picture(network)
    return wanted if seconds * wanted <= longest else max(1, int(longest / seconds))


def check_time(network: LatentGenerator, count: int) -> None:
    """Raises InvalidInput where so many pictures take longer than LONGEST."""
    most = most_pictures(network, count, LONGEST)
    if most < count:
        raise InvalidInput(
            f"{count} pictures of this network take about {seconds_a_picture(network) * count:.0f} s here; ask for "
            f"{most} or fewer."
        )


def told(network: LatentGenerator, drawn: int, wanted: int) -> str:
    """What a visitor should know of a large network: size, speed, and whether pictures were left out; else nothing."""
    seconds = seconds_a_picture(network)
    if not seconds:
        return ""
    side, weights = network.config.resolution, sum(part.numel() for part in network.parameters()) / 1e6
    speed = f"{side} × {side} px, {weights:.1f} million weights, about {seconds:.1f} s a picture here."
    fewer = f"{drawn} of {wanted} are drawn, since drawing may take {PATIENCE / 60:.0f} minutes."
    return f"{speed} {fewer}" if drawn < wanted else speed
