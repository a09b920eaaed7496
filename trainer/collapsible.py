"""Linear blocks that collapse: more parameters while a convolution is trained than it has afterwards.

Bhardwaj et al., "Collapsible Linear Blocks for Super-Efficient Super Resolution" (SESR), 2022: each 3 x 3 convolution
is trained as a 3 x 3 to many feature maps followed by a 1 x 1, with an identity beside them: one 3 x 3 again. As there
(section 3.3), the small convolution is what runs, in training, too: the product costs next to nothing.
"""

import torch
from torch import Tensor, nn
from torch.func import functional_call

from models.architectures.upscalers import PlainUpscaler


class Collapsible(nn.Module):
    """A network whose kernels W = B + P E are products while it is trained: base B (o, i, 3, 3), which starts as the
    identity in the body, expansion E (p, i, 3, 3) and projection P (o, p)."""

    def __init__(self, network: PlainUpscaler, inner: int):
        """network: keeps its architecture; its weights are B, the start. inner: p, feature maps inside; 0 for none."""
        super().__init__()
        self.inner = inner
        self.shape = [network]  # in a list: its own parameters are not trained
        self.names = [name for name, _ in network.named_parameters()]
        self.base = nn.ParameterList(parameter.detach().clone() for parameter in network.parameters())
        self.expansions, self.projections = nn.ParameterList(), nn.ParameterList()
        for parameter in network.parameters():
            if parameter.ndim == 4 and inner:
                outputs, inputs = parameter.shape[:2]
                self.expansions.append(torch.randn(inner, inputs, 3, 3) / (9 * inputs) ** 0.5)
                self.projections.append(torch.zeros(outputs, inner))

    def collapsed(self) -> dict[str, Tensor]:
        """The network's parameters by their names."""
        parts = dict(zip(self.names, self.base, strict=True))
        kernels = [name for name in self.names if parts[name].ndim == 4]
        for name, expansion, projection in zip(kernels, self.expansions, self.projections, strict=False):
            parts[name] = parts[name] + torch.einsum("op,pikl->oikl", projection, expansion)
        return parts

    def forward(self, x: Tensor) -> Tensor:
        """As the network's."""
        y: Tensor = functional_call(self.shape[0], self.collapsed(), (x,))
        return y

    @torch.no_grad()
    def collapse(self, network: nn.Module) -> None:
        """Writes the collapsed parameters into a network of the same architecture."""
        parts = self.collapsed()
        for name, parameter in network.named_parameters():
            parameter.copy_(parts[name])
