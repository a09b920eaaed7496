"""Files of what is on the stage of the Sample tab: contact sheets, archives, films."""

import threading
from collections.abc import Callable

from media.film import gif, mp4
from media.images import archive, data_uri, enlarge, png
from models.merging import Progress
from models.pixels import Pictures, tile
from server.guard import Values, sentence
from tabs.sample.drawing import Drawing, from_query
from tabs.sample.long import jobs
from tabs.sample.networks import open_generator
from tabs.sample.painting import paint
from tabs.sample.speed import is_large

packing = threading.BoundedSemaphore(2)  # films and archives at the same time


def download(request: Values) -> Values:
    """A file of what is on the stage, for the stage's script.

    Args:
        request: "link", the query of a permalink, and "kind", a key of FILES.

    Returns:
        "name" and "content" (a data URI), or "notice", a sentence. Pictures of a large network may have to be drawn
        again, so then it answers as server.jobs.Jobs does.
    """
    try:
        drawing, kind = from_query(str(request["link"])), str(request["kind"])
        if kind not in FILES:
            raise KeyError
        if drawing.step is None and is_large(open_generator(drawing.model)):
            return jobs.start(lambda progress: file_of(drawing, kind, progress))
        return file_of(drawing, kind)
    except (KeyError, TypeError):
        return {"notice": f"There is no such file; choose one of {', '.join(FILES)}."}
    except Exception as error:
        return {"notice": sentence(error)}


def file_of(drawing: Drawing, kind: str, progress: Progress = lambda share: None) -> Values:
    """A file of a drawing: "name" and "content"."""
    extension, write = FILES[kind]
    pictures, _ = paint(drawing, progress)
    with packing:
        content = write(pictures, drawing.name)
    return {"name": f"latent-lab_{drawing.name}.{extension}", "content": data_uri(content, extension)}


def write_sheet(pictures: Pictures, name: str) -> bytes:
    """All pictures on one, enlarged to about 256 px each."""
    return png(tile(enlarge(pictures, enlargement(pictures, 256)), columns=contact_columns(len(pictures)), gap=8))


def contact_columns(count: int) -> int:
    """Columns of a sheet that is about as wide as it is high, or a little wider."""
    return next(columns for columns in range(1, count + 1) if columns * columns >= count)


def write_gif(pictures: Pictures, name: str) -> bytes:
    """The morph, forward and back, enlarged to about 256 px."""
    return gif(enlarge(pictures, enlargement(pictures, 256)))


def write_mp4(pictures: Pictures, name: str) -> bytes:
    """The morph, forward and back, enlarged to about 384 px."""
    return mp4(enlarge(pictures, enlargement(pictures, 384)))


FILES: dict[str, tuple[str, Callable[[Pictures, str], bytes]]] = {
    "sheet": ("png", write_sheet),
    "zip": ("zip", archive),
    "gif": ("gif", write_gif),
    "mp4": ("mp4", write_mp4),
}


def enlargement(pictures: Pictures, side: int) -> int:
    """How often pictures (N, H, W, C) are enlarged so that they are about `side` px high: a whole number."""
    return max(1, side // int(pictures.shape[1]))
