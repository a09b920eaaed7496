"""Reads and checks what a host sets in the environment; an error says what is accepted."""

import os

from models.errors import LatentLabError

BROWSER = "LATENT_LAB_BROWSER"  # setting: whether browsers compute what they can (1); with 0 the server does it all
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


def whole_setting(name: str, default: int, least: int) -> int:
    """A whole number. Raises LatentLabError."""
    text = os.environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or int(text) < least:
        raise LatentLabError(f"{name} is {text[:40]!r}; it has to be a whole number from {least} on.")
    return int(text)


def flag_setting(name: str, *, default: bool = False) -> bool:
    """Whether something is asked for. Raises LatentLabError."""
    text = os.environ.get(name, "").strip().lower() or str(int(default))
    if text not in (*YES, *NO):
        raise LatentLabError(f"{name} is {text[:40]!r}; 1 and 0 are accepted.")
    return text in YES
