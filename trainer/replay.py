"""The replay buffer: a discriminator also sees pictures that the generator drew earlier."""

from typing import Any

import torch
from torch import Tensor


class ReplayBuffer:
    """Keeps the last pictures and hands some of them out again (Shrivastava et al., "Learning from Simulated and
    Unsupervised Images through Adversarial Training", 2017, section 2.3; CycleGAN, 2017, section 4)."""

    def __init__(self, size: int):
        """size: pictures kept; 0 for none."""
        self.size = size
        self.kept: Tensor | None = None  # (n, C, H, W), n at most `size`

    def exchange(self, x: Tensor, randomness: torch.Generator) -> Tensor:
        """Pictures (N, C, H, W) for the discriminator: each is new or, with probability 1/2 once the buffer is full,
        one that was kept, in whose place it stays."""
        if not self.size:
            return x
        shown = []
        for picture in x.detach()[:, None]:  # (1, C, H, W)
            if self.kept is None or len(self.kept) < self.size:
                self.kept = picture.clone() if self.kept is None else torch.cat([self.kept, picture])
                shown.append(picture)
                continue
            again, place = torch.rand(2, generator=randomness).tolist()
            if again < 0.5:
                index = int(place * self.size)
                shown.append(self.kept[index : index + 1].clone())
                self.kept[index] = picture[0]
            else:
                shown.append(picture)
        return torch.cat(shown)

    def state_dict(self) -> dict[str, Any]:
        """For the checkpoint."""
        return {"kept": None if self.kept is None else self.kept.clone()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """From the checkpoint."""
        self.kept = state["kept"]
