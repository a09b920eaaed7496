"""Picture to picture: with pairs (pix2pix) and without (CycleGAN).

Isola, Zhu, Zhou, Efros, "Image-to-Image Translation with Conditional Adversarial Networks", 2017; Zhu, Park, Isola,
Efros, "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017.
"""

from models.translation.discriminators import (
    NO_COLOUR,
    discriminator_features,
    distances,
    in_channels,
    outlier_score,
    realism_map,
)
from models.translation.inference import (
    LARGEST_PICTURE,
    SMALLEST_SIDE,
    carry_over,
    check_picture,
    directions,
    draw_pictures,
    nearest,
    one_hot,
    reduced,
    snap,
    to_input,
    to_output,
    translate,
    translate_small,
    translate_within,
    way_of,
    working_size,
)
from models.translation.network import (
    ARCHITECTURES,
    NORMS,
    Picture,
    Translation,
    TranslationConfig,
    generator_of,
)

__all__ = [
    "ARCHITECTURES",
    "LARGEST_PICTURE",
    "NORMS",
    "NO_COLOUR",
    "SMALLEST_SIDE",
    "Picture",
    "Translation",
    "TranslationConfig",
    "carry_over",
    "check_picture",
    "directions",
    "discriminator_features",
    "distances",
    "draw_pictures",
    "generator_of",
    "in_channels",
    "nearest",
    "one_hot",
    "outlier_score",
    "realism_map",
    "reduced",
    "snap",
    "to_input",
    "to_output",
    "translate",
    "translate_small",
    "translate_within",
    "way_of",
    "working_size",
]
