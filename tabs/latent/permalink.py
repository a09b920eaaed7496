"""A setting of the tab "Latent sliders" as a permalink, and as lines of Python that draw the same picture."""

from urllib.parse import urlencode

from models.catalogue import CATALOGUE
from tabs.latent.settings import Setting, face_sliders


def to_query(setting: Setting) -> str:
    """The setting as the query of a permalink."""
    fields: dict[str, object] = {"tab": "latent", "model": setting.model}
    if setting.set:
        fields["set"] = setting.set
    fields |= {"codes": ",".join(f"{code:g}" for code in setting.codes), "seed": setting.seed}
    if setting.latent:
        fields["z"] = ",".join(f"{number:g}" for number in setting.latent)
    return urlencode(fields, safe=",")


def to_python(setting: Setting) -> str:
    """The lines that draw the same picture."""
    if CATALOGUE[setting.model].family == "infogan":
        return (
            "from models import load\nfrom models.infogan.network import encode, generate\n\n"
            f'network = load("{setting.model}")\ncodes = {list(setting.codes)}\n'
            f"picture = generate(network, codes, seed={setting.seed})  # uint8 (1, 64, 64, C)\n"
            "print(encode(network, picture))"
        )
    if setting.set:
        start = (
            f"np.array([{list(setting.latent)}], dtype=np.float32)"
            if setting.latent
            else f"draw_latents(generator.config.latent_size, seed={setting.seed}, count=1)"
        )
        return (
            "import numpy as np\nfrom models import load\nfrom models.gan import draw, draw_latents\n"
            "from models.faces.latent_transformer import moved\n\n"
            f'generator, sliders = load("{setting.model}"), load("{setting.model}", part="{setting.set}")\n'
            f"amounts = np.array([{list(setting.codes)}])  # {', '.join(sliders_of(setting))}\n"
            f"latents = moved(sliders, {start}, amounts)\n"
            "picture = draw(generator, latents)  # uint8 (1, 128, 128, 3)"
        )
    return (
        "import numpy as np\nfrom models import load\nfrom models.sliders import paint\n\n"
        f"codes = np.array([{list(setting.codes)}])\n"
        f'picture = paint(load("{setting.model}"), codes, seed={setting.seed})  # uint8 (1, 64, 64, C)'
    )


def sliders_of(setting: Setting) -> tuple[str, ...]:
    """The names of the sliders of a set."""
    return face_sliders(setting.set).transformer.config.names
