"""Tables of vectors, one for each class."""

import torch
from torch import nn


def embedding(count: int, size: int) -> nn.Embedding:
    """A table (count, size) of normal random numbers, the same as `nn.Embedding` has.

    On the device "meta", where networks are made before their weights are read, PyTorch would import its compiler to
    draw them (1.5 s), though no number is kept there.
    """
    weight = torch.empty(count, size)
    table: nn.Embedding = nn.Embedding.from_pretrained(weight if weight.is_meta else weight.normal_(), freeze=False)
    return table
