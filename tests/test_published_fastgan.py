"""FastGAN and Projected GAN in their authors' layouts, each beside a network that is spelt out as those publish it."""

import math
import pickle
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, spectral_norm

from models import NetworkUnavailable, load
from models.architectures.published_fastgan import NOISE_SEED, PublishedFastGAN
from models.checkpoints.published import check_shapes
from models.gan import draw, draw_latents, generate

MULTIPLES = {4: 16.0, 8: 8.0, 16: 4.0, 32: 2.0, 64: 2.0, 128: 1.0, 256: 0.5, 512: 0.25, 1024: 0.125}


class Noise(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([0.4]))

    def forward(self, x: Tensor) -> Tensor:
        noise = torch.randn(x.shape[2:], generator=torch.Generator().manual_seed(NOISE_SEED))
        return x + self.weight * noise  # theirs is another at every call


class Init(nn.Module):
    def __init__(self, latent_size: int, width: int):
        super().__init__()
        first = spectral_norm(nn.ConvTranspose2d(latent_size, 2 * width, 4, bias=False))
        self.init = nn.Sequential(first, nn.BatchNorm2d(2 * width), nn.GLU(1))


class Excite(nn.Module):
    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.main = nn.Sequential(
            nn.AdaptiveAvgPool2d(4),
            spectral_norm(nn.Conv2d(inputs, outputs, 4, bias=False)),
            nn.SiLU(),
            spectral_norm(nn.Conv2d(outputs, outputs, 1, bias=False)),
            nn.Sigmoid(),
        )


class FastGAN(nn.Module):
    """`Generator` of models.py, and `FastganSynthesis` of pg_modules/networks_fastgan.py."""

    def __init__(
        self, size: int, *, width: int = 16, latent_size: int = 12, channels: int = 3, projected: bool = False
    ):
        super().__init__()
        self.size, self.projected = size, projected
        wide = {side: int(multiple * width) for side, multiple in MULTIPLES.items()}
        self.init = Init(latent_size, wide[4])
        self.sides = [side for side in MULTIPLES if side > 4 and side <= max(size, 256)]
        for number, side in enumerate(self.sides):
            self.add_module(f"feat_{side}", block(wide[side // 2], wide[side], double=number % 2 == 0))
            if 64 <= side <= 512:
                self.add_module(f"se_{side}", Excite(wide[side // 16], wide[side]))
        self.to_big = spectral_norm(nn.Conv2d(wide[size], channels, 3, 1, 1, bias=projected))
        if not projected:
            self.to_128 = spectral_norm(nn.Conv2d(wide[128], channels, 1, bias=False))

    def forward(self, z: Tensor) -> Tensor:
        if self.projected:
            z = z * (z.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        x = self.init.init(z[:, :, None, None])
        maps = {4: x}
        for side in self.sides:
            if side <= self.size:
                x = getattr(self, f"feat_{side}")(x)
                x = x * getattr(self, f"se_{side}").main(maps[side // 16]) if 64 <= side <= 512 else x
                maps[side] = x
        drawn: Tensor = self.to_big(x)
        return torch.tanh(drawn) if self.size == 1024 and not self.projected else drawn


def block(before: int, after: int, *, double: bool) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Upsample(scale_factor=2)]
    for inputs in (before, after) if double else (before,):
        layers.append(spectral_norm(nn.Conv2d(inputs, 2 * after, 3, 1, 1, bias=False)))
        layers += [Noise()] if double else []
        layers += [nn.BatchNorm2d(2 * after), nn.GLU(1)]
    return nn.Sequential(*layers)


def lively(network: nn.Module, latent_size: int = 12) -> nn.Module:
    """With statistics that fit the weights and spectral norms that fit them, too."""
    torch.manual_seed(0)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm2d):
            nn.init.uniform_(part.weight, 0.7, 1.3)
            nn.init.normal_(part.bias, 0, 0.3)
    with torch.no_grad():
        for _ in range(3):
            network.train()(torch.randn(2, latent_size))
    return network.eval()


@pytest.mark.parametrize(
    ("size", "width", "projected"), [(256, 16, False), (128, 16, True), (256, 16, True), (1024, 8, False)]
)
def test_each_layout_draws_what_its_authors_draw(tmp_path: Path, size: int, width: int, projected: bool) -> None:
    theirs = lively(FastGAN(size, width=width, projected=projected))
    tensors = theirs.state_dict()
    if projected:
        tensors = {f"synthesis.{key}": part for key, part in tensors.items()}
    torch.save({"g": {f"module.{key}": part for key, part in tensors.items()}, "d": {}}, tmp_path / "50000.pth")
    network = load(tmp_path / "50000.pth")
    assert isinstance(network, PublishedFastGAN)
    assert (network.config.resolution, network.config.latent_size) == (size, 12)
    latents = draw_latents(12, seed=2, count=1)
    z = torch.from_numpy(latents)
    with torch.no_grad():
        expected = theirs(z)
        assert (network(z) - expected).abs().max() < 1e-4 * max(1, float(expected.abs().max()))
        means = torch.cat([network.start(torch.randn(500, 12)) for _ in range(4)]).mean(0)
    assert expected.std() > 0.02
    assert (network.mean - means).abs().max() < 0.2
    levels = ((expected + 1) * 127.5).clamp(0, 255).permute(0, 2, 3, 1).numpy()
    assert abs(draw(network, latents) - levels).max() < 0.6
    assert generate(network, seed=5, count=2, truncation=0).std(axis=0).max() <= 1  # all alike
    check_shapes({key: part.shape for key, part in tensors.items()}, "50000.pth")


def test_spectral_norm_as_torch_writes_it_today() -> None:
    from models.checkpoints.fastgan import weight_of

    for layer, outputs in ((nn.Conv2d(3, 5, 3), 0), (nn.ConvTranspose2d(3, 5, 3), 1)):
        normed = parametrizations.spectral_norm(layer).eval()
        tensors = {f"x.{key}": part for key, part in normed.state_dict().items()}
        assert torch.allclose(weight_of(tensors, "x", outputs), torch.as_tensor(normed.weight), atol=1e-6)


def test_a_pickle_of_projected_gan(tmp_path: Path) -> None:
    """Its networks are plain classes, which are not looked for when the pickle is read."""
    theirs = lively(FastGAN(128, projected=True))
    root = nn.Module()
    root.synthesis = theirs
    content = pickle.dumps({"G": root, "G_ema": root}, protocol=3)
    (tmp_path / "network.pkl").write_bytes(
        content.replace(b"tests.test_published_fastgan", b"tests.test_published_elsewhe")
    )
    network = load(tmp_path / "network.pkl")
    z = torch.from_numpy(draw_latents(12, seed=2, count=1))
    with torch.no_grad():
        assert (network(z) - theirs(z)).abs().max() < 1e-3
    assert network.config.projected


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    tensors = FastGAN(256).state_dict()
    torch.save({key: part for key, part in tensors.items() if key != "se_64.main.1.weight_orig"}, tmp_path / "g.pth")
    with pytest.raises(NetworkUnavailable, match="holds another architecture"):
        load(tmp_path / "g.pth")
    tensors["se_64.main.1.weight_orig"] = tensors["se_64.main.1.weight_orig"][:, :-1]
    torch.save(tensors, tmp_path / "h.pth")
    with pytest.raises(NetworkUnavailable, match="holds another architecture"):
        load(tmp_path / "h.pth")
    assert math.isfinite(float(tensors["to_big.weight_orig"].sum()))
