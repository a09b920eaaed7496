"""A projected discriminator in the game against a network that turns pictures into pictures: what cyclegan, pix2pix and
super-resolution add to their discriminator of patches.

It sees a drawn picture alone and as a whole, reduced to features of objects, and asks whether such a picture exists.
The discriminator of patches stays beside it, for what it cannot see: the finest texture and, in pix2pix, whether the
picture fits the input. The game is that of trainer.families.gan: hinge loss, differentiable augmentation, Adam without
momentum, one pass of the features for both players.
"""

from dataclasses import dataclass
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor

from trainer.augmentation import strong_augment
from trainer.losses import GAMES
from trainer.pretrained.projected import ProjectedDiscriminator, ProjectedFeatures, detached, logits_of, seen_size
from trainer.processes import WHOLE, Part, share_layers
from trainer.rates import set_rate


@dataclass(frozen=True)
class Look:
    """Feature maps of real and of drawn pictures, both changed at random; those of drawn ones lead back to them."""

    real: list[Tensor]
    drawn: list[Tensor]


class Opponent:
    """The heads of a projected discriminator, which learn, and their optimiser. Features are handed in, so that several
    opponents share them; a checkpoint holds none."""

    def __init__(self, features: ProjectedFeatures, *, learning_rate: float, bfloat16: bool):
        """
        Args:
            features: on the device of the training.
            learning_rate: of Adam.
            bfloat16: whether products are computed in it.
        """
        self.features, self.bfloat16, self.learning_rate = features, bfloat16, learning_rate
        self.device = next(features.parameters()).device
        self.heads = ProjectedDiscriminator(features.size).to(self.device)
        self.heads_shared: Any = self.heads
        self.optimiser = torch.optim.Adam(self.heads.parameters(), lr=learning_rate, betas=(0.0, 0.99), fused=True)
        self.game = GAMES["hinge"]
        self.part = WHOLE

    def share(self, accelerator: Accelerator, part: Part) -> None:
        """Wraps the heads so that several processes average their gradients; once, after `load_state_dict`."""
        self.part = part
        if part.processes > 1:
            share_layers(self.heads)
        self.heads_shared = accelerator.prepare(self.heads)

    def look(self, real: Tensor, drawn: Tensor, randomness: torch.Generator) -> Look:
        """real, drawn: (n, 1 or 3, H, W) in [-1, 1], this process's part; randomness: of the whole batch's draws."""

        def points(x: Tensor) -> list[Tensor]:
            seen = strong_augment(x, randomness=randomness, part=self.part)
            maps: list[Tensor] = self.features(seen.contiguous(memory_format=torch.channels_last))
            return maps

        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            with torch.no_grad():
                real_points = points(real)
            return Look(real_points, points(drawn))

    def generator_loss(self, look: Look) -> Tensor:
        """What the generator minimises, the mean over the heads, so that it weighs like that of one discriminator."""
        self.heads.requires_grad_(False)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            judged = logits_of(self.heads, look.drawn)
        self.heads.requires_grad_(True)
        return torch.stack([self.game.generator(logits, logits) for logits in judged]).mean()

    def learn(self, look: Look, accelerator: Accelerator, *, rate: float) -> Tensor:
        """One step of the heads, at this share of the learning rate, once the generator has taken its own. Returns
        their loss, the sum over the heads."""
        set_rate(self.optimiser, self.learning_rate * rate)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            real = logits_of(self.heads_shared, look.real)
            drawn = logits_of(self.heads_shared, detached(look.drawn))
        pairs = zip(real, drawn, strict=True)
        loss = torch.stack([self.game.discriminator(*logits) for logits in pairs]).sum()
        self.optimiser.zero_grad()
        accelerator.backward(loss)
        self.optimiser.step()
        return loss

    def state_dict(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {"heads": self.heads.state_dict(), "optimiser": self.optimiser.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """From the checkpoint."""
        self.heads.load_state_dict(state["heads"])
        self.optimiser.load_state_dict(state["optimiser"])


def opponents(
    count: int,
    height: int,
    width: int,
    *,
    seed: int,
    learning_rate: float,
    bfloat16: bool,
    device: torch.device,
) -> list[Opponent]:
    """Opponents that look at pictures of one shape, in px; none need no features. Raises UnusableData where the package
    with the pretrained features is not installed."""
    if not count:
        return []
    features = ProjectedFeatures(seed, seen_size(height, width)).to(device)
    return [Opponent(features, learning_rate=learning_rate, bfloat16=bfloat16) for _ in range(count)]
