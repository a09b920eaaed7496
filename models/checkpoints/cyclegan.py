"""Published translators: from the files of others' code to our networks.

- pytorch-CycleGAN-and-pix2pix (https://github.com/junyanz/pytorch-CycleGAN-and-pix2pix) saves one generator per file
  (`latest_net_G.pth`, `latest_net_G_A.pth`): a ResNet of 6 or 9 blocks, or a U-Net for sides of 128 or 256, with or
  without dropout and normalisation.
- CUT and FastCUT (https://github.com/taesungp/contrastive-unpaired-translation) save such a ResNet that halves and
  doubles sides with blurring filters.
- UPIT (https://github.com/tmabraham/UPIT) saves all four networks in `pytorch_model.bin`, `G_B` leading from A to B.
- HugGAN (https://github.com/huggingface/community-events, huggan/pytorch) has U-Nets and ResNets after PyTorch-GAN.
- AnimeGANv2 (https://github.com/bryandlee/animegan2-pytorch).

The architecture is read from the tensors' names and shapes, which all have to fit.
"""

import re

import torch

from models.checkpoints.files import ACCEPTED, Tensors, another_architecture, differing, filled
from models.errors import InvalidInput, NetworkUnavailable
from models.translation import Translation, TranslationConfig

PIXELS = 256 * 256  # area that published networks were trained at
ANIME_PIXELS = 512 * 512  # area that AnimeGANv2 is used at
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")  # ours always normalise by the batch
FIRST = (  # a name in each layout
    *("model.1.weight", "model.model.0.weight", "down1.model.0.weight", "block_a.0.1.weight"),
    *("G_A.1.weight", "G_B.1.weight", "1.weight"),
)


def is_translator(tensors: Tensors) -> bool:
    """Whether tensors have the names of a published translator."""
    return any(name in tensors for name in FIRST)


def read_translator(
    tensors: Tensors, name: str, back: Tensors | None = None, domains: tuple[str, str] = ("a", "b")
) -> Translation:
    """The translator in a published file's tensors, in evaluation mode.

    Args:
        tensors: by their names.
        name: of the file, for messages.
        back: the tensors of the way back, where it has a file of its own.
        domains: names of what it translates from and to.

    Returns:
        the network; it knows the way back, and has discriminators, where the file has them.

    Raises:
        NetworkUnavailable: it is another network.
    """
    config, parts = recognised(tensors, name, back, domains)
    network = filled(lambda: Translation(config), parts, strict=False)
    for key in ("likeness_mean", "likeness_limit"):
        getattr(network, key).zero_()
    network.likeness_deviation.fill_(1)
    return network


def recognised(
    tensors: Tensors, name: str, back: Tensors | None = None, domains: tuple[str, str] = ("a", "b")
) -> tuple[TranslationConfig, Tensors]:
    """The architecture and, by the names of ours, the tensors of a file, of which only shapes are looked at. Raises
    NetworkUnavailable unless all fit."""
    if any(key.startswith("G_B.") for key in tensors):
        generators = [part_of(tensors, "G_B."), part_of(tensors, "G_A.")]
        critics = [part_of(tensors, "D_B."), part_of(tensors, "D_A.")]
    else:
        generators, critics = [part_of(part, "") for part in (tensors, back) if part is not None], []
    try:
        configs = [config_of(part, domains, both=len(generators) == 2) for part in generators]
        if any(config != configs[0] for config in configs):
            raise InvalidInput("its two generators differ")
        width = critic_width(critics, configs[0].channels)
        config = TranslationConfig(**{**vars(configs[0]), "critic_width": width})
    except (InvalidInput, KeyError, IndexError) as error:
        raise another_architecture(name, error) from error
    with torch.device("meta"):
        network = Translation(config)
    parts = {f"generators.{way}.{key}": part for way, own in enumerate(generators) for key, part in own.items()}
    if width:
        parts |= {f"critics.{way}.{key}": part for way, own in enumerate(critics) for key, part in own.items()}
    expected = {key: part.shape for key, part in network.state_dict().items() if not key.startswith("likeness")}
    wrong = differing(parts, expected)
    if wrong:
        raise NetworkUnavailable(
            f"{name} begins like a {config.architecture} of ours, but {wrong[0]} is missing or differs. {ACCEPTED}"
        )
    return config, parts


def part_of(tensors: Tensors, prefix: str) -> Tensors:
    """The tensors of one network, without its prefix and without running statistics, as ours names them."""
    own = {key.removeprefix(prefix): part for key, part in tensors.items() if key.startswith(prefix)}
    own = {key: part for key, part in own.items() if not key.endswith(STATISTICS)}
    if own and all(re.match(r"\d", key) for key in own):  # saved without the module that holds the layers
        own = {f"model.{key}": part for key, part in own.items()}
    own = {re.sub(r"^(model\.\d+)\.block\.", r"\1.conv_block.", key): part for key, part in own.items()}  # HugGAN
    second = next((part for key, part in own.items() if key.endswith("conv_block.6.weight")), None)
    if second is not None and second.ndim == 4:  # behind dropout, which has a number and no tensors
        behind = {"conv_block.6.": "conv_block.5.", "conv_block.7.": "conv_block.6."}
        for old, new in behind.items():
            own = {key.replace(old, new): part for key, part in own.items()}
    return own


def config_of(tensors: Tensors, domains: tuple[str, str], *, both: bool) -> TranslationConfig:
    """The architecture of a generator. Raises InvalidInput, KeyError, IndexError."""
    more: dict[str, str | int | bool]
    pixels = PIXELS
    if "block_a.0.1.weight" in tensors:
        first, outputs, pixels = tensors["block_a.0.1.weight"], tensors["out_layer.0.weight"].shape[0], ANIME_PIXELS
        more = {"architecture": "anime"}
    elif "down1.model.0.weight" in tensors:
        first, outputs = tensors["down1.model.0.weight"], tensors["final.2.weight"].shape[0]
        more = {"architecture": "nearest-unet", "paired": True}
    elif "model.model.0.weight" in tensors:
        first, outputs = tensors["model.model.0.weight"], tensors["model.model.3.weight"].shape[1]
        more = unet(tensors)
    else:
        first = tensors["model.1.weight"]  # (w, inputs, 7, 7)
        more, last = resnet(tensors)
        outputs = tensors[last].shape[0]
    inputs = first.shape[1]
    if inputs not in (1, 3) or outputs not in (1, 3):
        raise InvalidInput(f"it makes {outputs} channels from {inputs}, where 1 or 3 are needed on either side")
    return TranslationConfig(
        **{  # type: ignore[arg-type]
            "domains": domains,
            "both": both,
            "channels": outputs,
            "inputs": inputs if inputs != outputs else 0,
            "width": first.shape[0],
            "keeps": False,
            "critic_width": 0,
            "pixels": pixels,
            "blocks": 0,
            "merge": "guided" if more["architecture"] in ("resnet", "anime") and inputs == outputs else "enlarge",
            **more,
        }
    )


def unet(tensors: Tensors) -> dict[str, str | int | bool]:
    """What a U-Net of pix2pix is like."""
    norm = "none"
    if "model.model.1.model.1.bias" in tensors:
        norm = "instance"
    elif "model.model.1.model.2.weight" in tensors:
        norm = "batch"
    levels = max(key.count("model.") for key in tensors)
    return {"architecture": "unet", "halvings": levels - 1, "norm": norm, "paired": True}


def resnet(tensors: Tensors) -> tuple[dict[str, str | int | bool], str]:
    """What a ResNet is like, and the name of its last tensor of weights."""
    numbers = {int(found[1]) for key in tensors if (found := re.fullmatch(r"model\.(\d+)\.conv_block\.1\.weight", key))}
    first_block, blocks = min(numbers, default=10), len(numbers)
    halving = "blurred" if "model.7.filt" in tensors else "strided"
    after = first_block + blocks  # the number of the layer that doubles
    doubling = "transposed"
    if f"model.{after}.weight" not in tensors:
        doubling = "blurred" if f"model.{after}.filt" in tensors else "nearest"
    norm = "none"
    if "model.1.bias" in tensors:
        norm = "instance"
    elif "model.2.weight" in tensors:
        norm = "batch"
    last = after + (7 if doubling == "transposed" else 9)
    more: dict[str, str | int | bool] = {"blocks": blocks, "norm": norm, "halving": halving, "doubling": doubling}
    return {"architecture": "resnet", **more}, f"model.{last}.weight"


def critic_width(critics: list[Tensors], channels: int) -> int:
    """Feature maps of the discriminators, 0 where there are none of our form."""
    widths = set()
    for part in critics:
        first, last = part.get("model.0.weight"), part.get("model.11.weight")
        if first is None or last is None or first.shape[1] != channels or last.shape[1] != 8 * first.shape[0]:
            return 0
        widths.add(first.shape[0])
    return int(widths.pop()) if len(widths) == 1 else 0
