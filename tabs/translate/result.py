"""A picture's translation, and what helps to judge it: round trip, the discriminator's verdict, a warning."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from media.images import address_of, coloured, is_shown_whole
from models.merging import Progress, reduce
from models.translation import (
    Picture,
    TranslatedFace,
    Translation,
    directions,
    in_channels,
    outlier_score,
    realism_map,
    working_size,
)
from server.downloads import kept
from server.guard import Values
from serving.inference import translate as change
from serving.inference import translate_face
from serving.lock import interruptible
from tabs.translate.examples import example, example_frame
from tabs.translate.frames import Frame, placement_in
from tabs.translate.settings import Setting, to_query

UNLIKE = 1.0  # outlier_score from which a picture is called unlike the training pictures
SHOWN_ERROR = 64.0  # mean difference, grey levels, that has the strongest colour on the map of the cycle error


def picture_shown(
    network: Translation,
    setting: Setting,
    picture: Picture | None,
    frame: Frame | None,
    seed: int | None,
    given: bool,
    progress: Progress,
) -> Values:
    """A picture and everything the tab shows of its translation.

    Returns:
        "before" (unless `given`) and "after" as addresses; "kept", the name of the result for `download`, None where
        the address holds every pixel; "width", "height"; "worked", the size at which the network
        worked; "warning" if the picture is unlike its training pictures; "small", "again", "error" and "missed", the
        round trip at that size, its error as a picture and in grey levels, where there is a way back; "xray" and
        "convinced", the discriminator's map and its mean, where there is a discriminator; "link".
    """
    with interruptible(progress) as tell:
        if picture is None:
            shown = example(setting.model, network, setting.direction, setting.example)
            frame = example_frame(network, setting.direction, setting.example)
        else:
            shown = picture
        result, seen, drawn = translated(network, shown, setting.direction, frame, seed, lambda s: tell(0.6 * s))
        tell(0.6)
        height, width = working_size(network.config, *seen.shape[:2])
        small = reduce(seen, height, width, mix=not network.config.palette)
        small_result = reduce(drawn, height, width)
        answer: Values = {
            "after": address_of(result),
            "kept": None if is_shown_whole(result) else kept.keep(result),
            "width": result.shape[1],
            "height": result.shape[0],
            "worked": [height, width],
            "warning": warning_of(network, seen, setting.direction),
            "link": to_query(setting),
        }
        if not given:
            answer["before"] = address_of(shown)
        tell(0.7)
        if len(directions(network)) == 2:
            back = directions(network)[1 - directions(network).index(setting.direction)]
            again = change(network, small_result, back)
            error = np.abs(in_channels(small, 3).astype(float) - in_channels(again, 3)).mean(2)
            answer |= {
                "small": address_of(small),
                "small_after": address_of(small_result),
                "again": address_of(again),
                "error": address_of(coloured(error / SHOWN_ERROR)),
                "missed": round(float(error.mean()), 1),
            }
        tell(0.9)
        if directions(network).index(setting.direction) < len(network.critics):
            convinced = realism_map(network, seen, drawn, setting.direction)
            patches = Image.fromarray(convinced.clip(0, 1).astype(np.float32)).resize((width, height))
            answer |= {
                "xray": address_of(over(in_channels(small_result, 3), np.asarray(patches))),
                "convinced": round(float(convinced.clip(0, 1).mean()), 2),
            }
    return answer


def translated(
    network: Translation, picture: Picture, direction: str, frame: Frame | None, seed: int | None, progress: Progress
) -> TranslatedFace:
    """A picture's translation, what of the picture the network saw, and what it made of that: all of it, or what is in
    the frame."""
    if frame is None:
        result = change(network, picture, direction, seed=seed, progress=progress)
        return TranslatedFace(result, picture, result)
    return translate_face(network, picture, direction, placement_in(picture, frame), seed=seed, progress=progress)


def warning_of(network: Translation, picture: Picture, direction: str) -> str:
    """A sentence if a picture is unlike those that a direction was trained on, else nothing."""
    strange = outlier_score(network, picture, direction)
    if strange is None or strange <= UNLIKE:
        return ""
    start = direction.partition("-to-")[0].replace("-", " ")
    return (
        f"This picture is unlike the {start} pictures that the network learned from ({strange:.1f} times as far from "
        "their middle as nearly all of them), so expect less."
    )


def over(picture: Picture, convinced: NDArray[Any]) -> Picture:
    """A discriminator's map (H, W), 0 to 1, over a picture (H, W, 3) in grey: orange 0, drawn; blue 1, real."""
    grey = in_channels(picture, 1).astype(float) * 0.55 + 60
    share = convinced[..., None]
    tint = share * np.array([70.0, 140.0, 255.0]) + (1 - share) * np.array([255.0, 120.0, 20.0])
    strength = 0.15 + 0.6 * np.abs(2 * share - 1)
    tinted = grey * (1 - strength) + tint * strength * (grey / 200 + 0.25)
    return np.asarray(tinted.clip(0, 255), dtype=np.uint8)
