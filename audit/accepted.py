"""Advisories that apply and are accepted, each with its reason. A finding that is not here fails `make audit`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """What is accepted: one version of one package, so that another one is looked at anew."""

    package: str
    version: str
    reason: str
    pinned_only: bool = False  # not where it is installed


PILLOW = Accepted(
    "pillow",
    "12.3.0",
    "gradio 6.31 asks for pillow below 13. make and the Dockerfile install 13.0.0 over it, see requirements-newer.txt; "
    "a Space, whose builder cannot, has this until a later gradio allows 13.",
    pinned_only=True,
)

ACCEPTED: dict[str, Accepted] = {  # by any id of the advisory
    "CVE-2026-112392": PILLOW,
    "CVE-2026-112393": PILLOW,
    "CVE-2026-112395": PILLOW,
    "CVE-2026-112398": PILLOW,
    "CVE-2026-112403": PILLOW,
    "CVE-2026-96636": PILLOW,
    "CVE-2026-96641": PILLOW,
    "CVE-2025-3000": Accepted(
        "torch", "2.11.0", "ZeroGPU takes no newer torch, and nothing here calls torch.jit.script."
    ),
    "CVE-2026-134825": Accepted(
        "gradio",
        "6.31.0",
        "It needs ssr_mode, and app.py leaves that and the run history off; 6.32 is not to be had yet.",
    ),
}
