"""The pictures that the options of a training name, and those that it holds out."""

from typing import Any

from data.folders import archives, read_splits
from models.pixels import Pictures


def pictures_of(settings: Any, config: Any, *, least: int) -> tuple[Pictures, Pictures]:
    """Training pictures and held-out ones, uint8 (N, H, W, C).

    Args:
        settings: of a training, with the options data, more_data, validation, hold_out and skip_unreadable.
        config: with the resolution (px) and the channels of the pictures, of a network or the settings themselves.
        least: pictures to train on.

    Raises:
        UnusableData: they cannot be read, or are too few.
    """
    return read_splits(
        archives(settings.data, settings.more_data),
        resolution=config.resolution,
        channels=config.channels,
        validation=settings.validation,
        spread=settings.hold_out == "spread",
        least=least,
        skip_unreadable=settings.skip_unreadable,
    )
