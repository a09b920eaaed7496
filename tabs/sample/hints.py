"""What the Sample tab says below its pictures."""

from models.catalogue import names_of
from tabs.sample.drawing import Drawing
from tabs.sample.networks import GENERATORS, open_generator
from tabs.sample.speed import told


def hint(drawing: Drawing, drawn: int) -> str:
    """What can be done with the pictures on the stage, and how long a large network of others takes for them."""
    what = what_next(drawing)
    if drawing.model in GENERATORS or drawing.step is not None:
        return what
    wanted = drawing.frames if drawing.mode == "morph" else drawing.count
    speed = told(open_generator(drawing.model), drawn, wanted)
    return f"{what} {speed}" if speed else what


def what_next(drawing: Drawing) -> str:
    """What can be done with what is on the stage."""
    if drawing.mode == "morph":
        jumps = ", with a jump wherever the Gaussian changes" if drawing.model in names_of("mixture") else ""
        return f"From seed {drawing.seed} to seed {drawing.to}{jumps}."
    if drawing.step is not None:
        return f"Kept after {drawing.step:,} training steps. Click a face to see its neighbours of today."
    if drawing.path:
        return "Neighbours of the last face. Click one to go on."
    return "Click a face to see its neighbours."
