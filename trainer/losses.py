"""The adversarial games, as pure functions of the discriminator's logits.

One sign convention: a larger logit means "more real". σ is the logistic function, softplus(t) = log(1 + e^t), so
-log σ(t) = softplus(-t) and -log(1 - σ(t)) = softplus(t). Every function returns a scalar to be minimised.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, relu, softplus

from models.infogan.codes import Types, to_features, widths


def discriminator_cross_entropy(real: Tensor, fake: Tensor) -> Tensor:
    """-E log σ(D(x)) - E log(1 - σ(D(G(z)))) = -V(G, D) (Goodfellow et al.,
    "Generative Adversarial Nets", 2014, eq. 1).
    """
    return softplus(-real).mean() + softplus(fake).mean()


def generator_minimax(real: Tensor, fake: Tensor) -> Tensor:
    """E log(1 - σ(D(G(z)))): the generator's part of V(G, D) (2014, eq. 1). Vanishes where D is sure."""
    return -softplus(fake).mean()


def generator_non_saturating(real: Tensor, fake: Tensor) -> Tensor:
    """-E log σ(D(G(z))): the same fixed point, stronger gradients early (2014, section 3)."""
    return softplus(-fake).mean()


def discriminator_relativistic(real: Tensor, fake: Tensor) -> Tensor:
    """-E log σ(D(x) - D(G(z))), paired (Jolicoeur-Martineau, "The relativistic discriminator", 2018, section 4.2)."""
    return softplus(fake - real).mean()


def generator_relativistic(real: Tensor, fake: Tensor) -> Tensor:
    """-E log σ(D(G(z)) - D(x)): the same game from the other side (2018, section 4.2)."""
    return softplus(real - fake).mean()


def discriminator_least_squares(real: Tensor, fake: Tensor) -> Tensor:
    """(E (D(x) - 1)² + E D(G(z))²) / 2 (Mao et al., "Least Squares Generative Adversarial Networks", 2017, eq. 9)."""
    return ((real - 1).square().mean() + fake.square().mean()) / 2


def generator_least_squares(real: Tensor, fake: Tensor) -> Tensor:
    """E (D(G(z)) - 1)² (2017, eq. 9, without its factor 1/2, as CycleGAN has it)."""
    return (fake - 1).square().mean()


def discriminator_hinge(real: Tensor, fake: Tensor) -> Tensor:
    """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z))) (Lim and Ye, "Geometric GAN", 2017, section 3)."""
    return relu(1 - real).mean() + relu(1 + fake).mean()


def generator_hinge(real: Tensor, fake: Tensor) -> Tensor:
    """-E D(G(z)) (2017, section 3)."""
    return -fake.mean()


def gradient_penalty(logits: Tensor, x: Tensor) -> Tensor:
    """R1: E ‖∇_x D(x)‖² / 2 on real pictures (Mescheder, Geiger, Nowozin, "Which Training Methods for GANs do actually
    Converge?", 2018, eq. 9, for γ = 1). x needs a gradient; logits is D(x)."""
    (gradient,) = torch.autograd.grad(logits.sum(), x, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean() / 2


def information(types: Types, predicted: Tensor, codes: Tensor, *, others: float = 1.0) -> Tensor:
    """-E log Q(c | x), summed over the codes and up to constants: the variational bound on the mutual information of
    codes and picture (Chen et al., "InfoGAN", 2016, eq. 5). Q is a Gaussian of deviation 1 around its prediction for a
    uniform code and, on the circle, for a circular one; a softmax for a categorical one.

    Args:
        types: of the K codes, see models.infogan.codes.
        predicted: features that the encoder wrote (N, F).
        codes: that the picture was drawn from (N, K).
        others: weight of the codes that are not circular.
    """
    targets = to_features(types, codes).split(widths(types), 1)
    losses = []
    for part, target, kind in zip(predicted.split(widths(types), 1), targets, types, strict=True):
        if kind.startswith("categorical"):
            losses.append(others * cross_entropy(part, target))
        else:
            weight = 1.0 if kind == "circular" else others
            losses.append(weight * (part - target).square().sum(1).mean() / 2)
    return torch.stack(losses).sum()


def label_cross_entropy(sizes: Sequence[int], logits: Tensor, labels: Tensor) -> Tensor:
    """-E log P(labels | x), summed over the labels (Odena et al., "Auxiliary Classifier GANs", 2017, eq. 3).

    Args:
        sizes: values of each of the L labels.
        logits: (N, sum of sizes).
        labels: int64 (N, L).
    """
    parts = logits.split(list(sizes), dim=1)
    return torch.stack([cross_entropy(part, labels[:, k]) for k, part in enumerate(parts)]).sum()


@dataclass(frozen=True)
class Game:
    """What each side minimises, given the logits of real and generated pictures."""

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]


GAMES = {
    "minimax": Game(discriminator_cross_entropy, generator_minimax),
    "non-saturating": Game(discriminator_cross_entropy, generator_non_saturating),
    "relativistic": Game(discriminator_relativistic, generator_relativistic),
    "hinge": Game(discriminator_hinge, generator_hinge),
    "least-squares": Game(discriminator_least_squares, generator_least_squares),
}
