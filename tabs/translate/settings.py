"""What a permalink of the tab "Translate" can say, and the lines that do the same."""

from dataclasses import dataclass
from urllib.parse import urlencode

from models.gan import check_whole

DEFAULT = "streets-day-night-256"


@dataclass(frozen=True)
class Setting:
    """What a permalink can say; a visitor's own picture stays with the visitor."""

    model: str = DEFAULT
    direction: str = ""
    example: int = 0

    def __post_init__(self) -> None:
        check_whole(self.example, "example", 0, 99)


def to_query(setting: Setting) -> str:
    """The setting as the query of a permalink."""
    return urlencode(
        {"tab": "translate", "model": setting.model, "direction": setting.direction, "example": setting.example},
        safe="/",
    )


def to_python(setting: Setting) -> str:
    """The lines that translate a picture in the same way."""
    return (
        "import numpy as np\nfrom PIL import Image\nfrom models import load\n"
        "from models.translation import translate\n\n"
        f'network = load("{setting.model}")\n'
        'picture = np.array(Image.open("photo.jpg").convert("RGB"))  # uint8 (H, W, 3)\n'
        f'Image.fromarray(translate(network, picture, "{setting.direction}")).save("translated.png")'
    )
