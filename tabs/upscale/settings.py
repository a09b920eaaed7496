"""What a permalink of the tab "Upscale" can say, and the lines that do the same."""

from dataclasses import dataclass
from urllib.parse import urlencode

from models.errors import InvalidInput
from models.gan import check_whole
from tabs.upscale.networks import GRADED, TIERS, name_for
from tabs.upscale.pictures import EXAMPLES

SCALES = (2, 3, 4, 6, 8)
MOST_NETWORKS = 3  # compared at a time


@dataclass(frozen=True)
class Setting:
    """What a permalink can say; a visitor's own picture stays with the visitor."""

    models: tuple[str, ...] = ("fast",)  # the first one is looked at, the others are compared with it
    scale: int = 4
    test: bool = False  # a sharp picture is reduced first, and the result compared with it
    example: int = 0
    strength: int = 100  # percent, of the sharp tiers; 0 is faithful

    def __post_init__(self) -> None:
        if not 1 <= len(self.models) <= MOST_NETWORKS or len(set(self.models)) < len(self.models):
            raise InvalidInput(f"From 1 to {MOST_NETWORKS} different networks are compared; got {len(self.models)}.")
        if self.scale not in SCALES:
            raise InvalidInput(f"The scale is {self.scale}; {', '.join(map(str, SCALES))} are offered here.")
        check_whole(self.example, "example", 0, len(EXAMPLES) - 1)
        check_whole(self.strength, "strength", 0, 100)


def to_query(setting: Setting) -> str:
    """The setting as the query of a permalink."""
    fields: dict[str, object] = {"tab": "upscale", "model": ",".join(setting.models), "scale": setting.scale}
    fields |= {"test": 1} if setting.test else {}
    fields |= {"strength": setting.strength} if setting.strength < 100 and set(GRADED) & set(setting.models) else {}
    return urlencode({**fields, "example": setting.example}, safe="/,")


def to_python(setting: Setting) -> str:
    """The lines that enlarge a picture in the same way."""
    model = setting.models[0]
    network, functions = f'load("{name_for(model, setting.scale)}")', "upscale"
    if model in GRADED and setting.strength < 100:
        functions = "interpolated, upscale"
        faithful = name_for(TIERS[model].faithful, setting.scale)
        network = f'interpolated(load("{faithful}"), {network}, {setting.strength / 100:g})'
    return (
        "import numpy as np\nfrom PIL import Image\nfrom models import load\n"
        f"from models.super_resolution import {functions}\n\n"
        f"network = {network}\n"
        'picture = np.array(Image.open("small.png").convert("RGB"))  # uint8 (H, W, 3)\n'
        f'Image.fromarray(upscale(network, picture, {setting.scale})).save("large.png")'
    )
