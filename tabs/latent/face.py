"""A visitor's own face in the tab "Latent sliders": fitted into a frame by hand, then found in the latent space.

The page sends what is in the frame, 128 x 128 px. Nothing of it is kept once the answer is collected.
"""

from typing import Any

from media.images import data_uri, png
from media.incoming import LARGEST_FILE, for_browsers, read_address, read_content
from models import load
from models.faces.encoding import Found, LatentEncoder, find_latent
from models.faces.likeness import LEAST, likeness
from models.features import FeatureNetwork
from models.merging import Progress
from models.pixels import Pictures
from server.files import open_sent
from server.guard import Values, stage_function
from server.jobs import Jobs, follow_and_stop
from serving.lock import interruptible
from tabs.programs import Form, Sent, given

MODEL = "faces-128"  # the generator in whose latent space faces are looked for
READER = "faces-attributes-128"  # the network whose features are used to compare the photograph with the result
POOR = 0.18  # distance between the features of the two above which the likeness is poor
LARGEST_PHOTOGRAPH = 16 * 2**20  # bytes, of a picture to be converted for the frame
LARGEST_PICTURE = 12_500_000  # px, of the same
DECIMALS = 2  # of a latent's numbers, as tabs.latent.settings has them

jobs = Jobs()
follow, stop = follow_and_stop(jobs)


def encode_face(image: Sent = "", form: Form = None) -> dict[str, Any]:
    """A face found again in the latent space of faces-128: an encoder's guess, then descent.

    Args:
        image: a picture (in a format of docs/formats.md, up to 4 MB and 8 million pixels): a file, or a data URI. Its
            middle square is reduced to 128 x 128 pixels, in which the eyes have to be at about (38, 38) and (87, 38).
        form: of the picture in the answer, "file" or "data" (a data URI).

    Returns:
        "latent": 128 numbers; "picture": what the generator draws from them, a PNG file; "warning": a
        sentence if it is not like the picture sent, else nothing.
    """
    answer = jobs.run_and_wait(search(read_address(open_sent(image), side=side(), channels=3)))
    picture = given(read_content(answer["picture"], LARGEST_FILE, ""), "png", form, image)
    return {"latent": answer["latent"], "picture": picture, "warning": answer["warning"]}


@stage_function
def find_face(fields: Values) -> Values:
    """Looks for the face in the frame, see server.jobs.

    Args:
        fields: "image", what is in the frame as a data URI.

    Returns:
        "model"; "latent", a list of numbers; "picture" and "original" as data URIs; "warning", a sentence or nothing.
    """
    picture = read_address(fields.get("image"), side=side(), channels=3)
    return jobs.start(search(picture), picture.nbytes)


@stage_function
def show_picture(fields: Values) -> Values:
    """A picture that the visitor's browser cannot open, as "image", one that it can; fields: "image", a data URI."""
    limits = {"largest_file": LARGEST_PHOTOGRAPH, "largest_picture": LARGEST_PICTURE}
    return {"image": for_browsers(fields.get("image"), **limits)}


def side() -> int:
    """The side of the generator's pictures, px."""
    return int(load(MODEL).config.resolution)


def search(picture: Pictures) -> Any:
    """The work of finding a face: uint8 (1, side, side, 3)."""
    generator = load(MODEL)
    encoder: LatentEncoder = load(MODEL, part="encoder")
    reader: FeatureNetwork = load(READER)

    def work(progress: Progress) -> Values:
        with interruptible(progress) as tell:
            found = find_latent(generator, encoder, reader, picture, progress=tell)
        return {
            "model": MODEL,
            "latent": [round(float(number), DECIMALS) for number in found.latent],
            "picture": data_uri(png(found.picture[0]), "png"),
            "original": data_uri(png(picture[0]), "png"),
            "warning": warning_about(found, float(likeness(generator, picture)[0])),
        }

    return work


def warning_about(found: Found, like: float) -> str:
    """What a visitor should know of a face that was found, or nothing; `like` is the photograph's likeness to faces,
    see models.faces.likeness."""
    if like < LEAST:
        return "This does not look like a face in the frame: the network found nothing like it."
    if found.feature_distance > POOR:
        return "The likeness is poor; put the marks on the eyes more exactly, or try another picture."
    return ""
