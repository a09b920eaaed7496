"""Can a fresh classifier tell generated pictures from real ones? The classifier two-sample test."""

from typing import Any

import numpy as np
import scipy  # its parts are loaded when they are used
import torch
from numpy.typing import NDArray
from torch.nn.functional import binary_cross_entropy_with_logits

from models.errors import InvalidInput
from models.features import FeatureNetwork, FeaturesConfig, answers
from models.pixels import Pictures, to_network

BATCH = 64  # pictures per training step
LEARNING_RATE = 2e-3
LEAST = 20  # pictures of each kind


def area_under_curve(positives: NDArray[Any], negatives: NDArray[Any]) -> float:
    """Area under the ROC curve: the probability that a positive scores higher than a negative, ties counted half.

    Args:
        positives, negatives: scores (N,) and (M,), at least one each.

    Returns:
        0 to 1; 0.5 where the scores tell nothing.
    """
    count, others = len(positives), len(negatives)
    if count == 0 or others == 0:
        raise InvalidInput(f"The area under the ROC curve needs scores of both kinds, got {count} and {others}.")
    ranks = scipy.stats.rankdata(np.concatenate([positives, negatives]))[:count]
    return float((ranks.sum() - count * (count + 1) / 2) / (count * others))


def chance_spread(count: int, others: int) -> float:
    """Standard deviation of the area where scores tell nothing (Mann-Whitney: √((n + m + 1) / 12nm))."""
    return float(np.sqrt((count + others + 1) / (12 * count * others)))


def two_sample_auc(real: Pictures, generated: Pictures, *, seed: int = 0, steps: int = 120) -> float:
    """Classifier two-sample test (Lopez-Paz, Oquab, "Revisiting Classifier Two-Sample Tests", 2017, section 3): a small
    network is trained on one half of both sets and scored on the other half.

    Args:
        real: uint8 (N, H, W, C).
        generated: uint8 (N, H, W, C), as many and of the same size.
        seed: of the halves, the network and the order of pictures.
        steps: of training, 64 pictures each.

    Returns:
        area under the ROC curve on the held-out half: 0.5 cannot be told apart, 1.0 is always told apart.

    Raises:
        InvalidInput: sets of different shape, or fewer than 20 pictures each.
    """
    if real.shape != generated.shape or len(real) < LEAST:
        raise InvalidInput(
            f"The two-sample test needs two sets of equal shape with at least {LEAST} pictures each, "
            f"got {real.shape} and {generated.shape}."
        )
    randomness = np.random.default_rng(seed)
    half = len(real) // 2
    real, generated = randomness.permutation(real), randomness.permutation(generated)
    pictures = np.concatenate([real[:half], generated[:half]])
    bfloat16 = bool(torch.cpu.get_capabilities().get("avx512_bf16", False))  # elsewhere slower than float32
    labels = np.repeat([1, 0], half).astype(np.float32)  # 1 real, 0 generated
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = FeatureNetwork(FeaturesConfig(outputs=1))
        optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=0.02)
        schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, steps)
        for _ in range(steps):
            chosen = randomness.integers(len(pictures), size=BATCH)
            mirrored = randomness.random(BATCH) < 0.5
            x = to_network(pictures[chosen])
            x[mirrored] = x[mirrored].flip(3)
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                logits = network(x)[:, 0]
            loss = binary_cross_entropy_with_logits(logits.float(), torch.from_numpy(labels[chosen]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    network.eval()
    return area_under_curve(answers(network, real[half:])[:, 0], answers(network, generated[half:])[:, 0])
