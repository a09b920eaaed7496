"""A picture enlarged by several networks, and what helps to judge them: scores, and the map of what was invented."""

import numpy as np

from data.degradation import degrade
from media.images import address_of, coloured, is_shown_whole
from metrics.restoration import psnr, ssim
from models.merging import Progress
from models.pixels import colours_of, resize
from models.super_resolution import Picture, check_request, invented
from server.downloads import kept
from server.guard import Values
from serving.inference import upscale as enlarge
from serving.lock import interruptible
from tabs.upscale.networks import open_network, title_of
from tabs.upscale.settings import Setting, to_query

SPOT = 80  # px of the result, side of the place at which the zoomed pictures begin
SHOWN_INVENTED = 16.0  # grey levels that have the strongest colour on the map of what was invented


def enlarged(setting: Setting, picture: Picture, remark: str, progress: Progress) -> Values:
    """A picture enlarged by each network, and everything the tab shows of it.

    Args:
        picture: the small one, or for a test the sharp one, its sides multiples of the scale.

    Returns:
        "width", "height" of the results and "from", [width, height], of the small picture; "remark"; "link"; "small",
        "bicubic" and "truth", addresses, the first and the last for a test only; "spot", see `spot_of`; "results", one
        per network: "model", "title", "invents", "address", "kept" (its name for `download`; None where the address
        holds every pixel), "invented", the map, and "off", its mean in grey levels; in a test "scores", the PSNR and
        SSIM of each result, after those of the bicubic one.
    """
    truth = picture if setting.test else None
    small = degrade(picture, setting.scale) if setting.test else picture
    height, width = check_request(small, setting.scale)
    bicubic = resize(small, height, width)
    results, scores, spot = [], [], None
    if truth is not None:
        scores.append(scored(bicubic, truth, setting.scale))
    for number, model in enumerate(setting.models):
        network = open_network(model, setting.scale, setting.strength)
        done, share = number / len(setting.models), 1 / len(setting.models)

        def tell(part: float, done: float = done, share: float = share) -> None:
            progress(0.97 * (done + share * part))

        with interruptible(tell) as shared:
            result = enlarge(network, small, setting.scale, progress=shared)
        spot = spot or spot_of(result, bicubic)
        off = invented(result, small)
        results.append(
            {
                "model": model,
                "title": title_of(model, setting.strength),
                "invents": network.config.invents,
                "address": address_of(result),
                "kept": None if is_shown_whole(result) else kept.keep(result),
                "invented": address_of(coloured(off / SHOWN_INVENTED)),
                "off": round(float(off.mean()), 2),
            }
        )
        if truth is not None:
            scores.append(scored(result, truth, setting.scale))
    answer: Values = {
        "width": width,
        "height": height,
        "from": [small.shape[1], small.shape[0]],
        "remark": remark,
        "link": to_query(setting),
        "bicubic": address_of(bicubic),
        "spot": spot,
        "results": results,
        "scores": scores,
    }
    if truth is not None:
        answer |= {"small": address_of(small), "truth": address_of(truth)}
    progress(1.0)
    return answer


def spot_of(result: Picture, bicubic: Picture) -> list[float]:
    """Where a network made the greatest difference: the middle of that place, in shares of width and height."""
    colours = colours_of(result)
    height, width = result.shape[:2]
    columns = np.arange(0, width, SPOT)
    areas = []
    for top in range(0, height, SPOT):
        rows = slice(top, top + SPOT)
        difference = np.abs(result[rows, :, :colours].astype(np.int16) - bicubic[rows, :, :colours])
        areas.append(np.add.reduceat(difference.sum(axis=(0, 2), dtype=np.int64), columns))
    row, column = np.unravel_index(np.argmax(areas), (len(areas), len(columns)))
    middle = [min(1.0, (place + 0.5) * SPOT / side) for place, side in ((column, width), (row, height))]
    return [round(float(share), 3) for share in middle]


def scored(result: Picture, truth: Picture, scale: int) -> list[float]:
    """PSNR in dB and SSIM of a result; equal pictures have 99 dB."""
    return [
        round(min(99.0, psnr(result, truth, border=scale)), 2),
        round(ssim(result, truth, border=scale), 4),
    ]
