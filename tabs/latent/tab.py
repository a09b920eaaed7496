"""Tab "Latent sliders": one slider per code or attribute, what each moves, strips, and a picture read into codes."""

import gradio as gr

from media.formats import FOR_STAGES
from models.errors import LatentLabError
from page import foldouts, stage
from tabs.latent import endpoints, face, handlers
from tabs.latent.permalink import to_python, to_query
from tabs.latent.settings import DEFAULT, Setting, opened
from tabs.programs import publish

HOW_IT_WORKS = r"""
**Faces.** A generator turns a latent $z$ into a face $G(z)$, and no single number of $z$ means anything. A straight
line in $z$ that brings a smile brings years, too. So a small network $T$ learns the way: for a face, a slider $k$ and
how far it is moved, $a$, it gives another latent. It is trained against a network $R$ that reads attributes in a
picture:

$$\min_T \; \ell\left(R_k(x'), \text{what was asked for}\right) + \lambda \sum_{j \ne k} \left|R_j(x') - R_j(x)\right|
+ \mu \, d(x', x), \qquad x = G(z), \; x' = G(T(z, k, a))$$

where $d$ compares the reader's features and coarse colours: the face should stay who it is. The generator itself is
not changed.

- **Found without labels**: the directions of $z$ that the generator's first layer amplifies most, the eigenvectors of
  $A^{\top} A$ for its weights $A$ (*SeFa*). Nobody named them; what each does was read afterwards.
- **Your own face** is looked for among all that the generator can draw: a network $E$ guesses the latent from the
  picture $x$, and descent refines it, $\min_z \|G(z) - x\|_1 + \lambda \, \|f(G(z)) - f(x)\|^2$, on reduced pictures
  and on features $f$ of a network that reads faces.
- **Leak meter**, for faces: how far each reading moves on average when a slider goes from one end to the other, over
  200 random faces. One long bar is what is hoped for.

**Scenes and sprites.** An ordinary generator turns noise into pictures, and no single number of the noise means
anything. **InfoGAN** splits its input into codes $c$ and noise $z$ and adds a third network, the encoder $Q$, that
has to read the codes back from the picture. Generator and encoder are rewarded together:

$$\min_{G, Q} \max_D \; V(D, G) - \lambda \, \mathbb{E}_{c, z}\left[\log Q\left(c \mid G(c, z)\right)\right]$$

So every code has to leave a trace that can be read, and codes tend to settle on what varies in the pictures.
**InfoGAN-CR** adds a game with pairs: two pictures share one code, $c_k$, and differ in all others; a network $H$ has
to say which $k$ it was, and the generator helps it with weight $\alpha$:

$$\min_{G, H} \; - \alpha \, \mathbb{E}\left[\log H\left(k \mid x, x'\right)\right]$$

which it can do only by making each code change something of its own. No label is ever used.

- **What was told, and what was not.** Hue is a circle, so three of the codes are circular, and each of these is a
  *paint*: it moves one colour, and the network finds out which part of the picture has it. The other codes move forms
  and never see a colour. That much is built in. Which paint takes the floor, which code turns the room, was found. In
  the sprites' network four codes are *moves*: shift across and down, size and turn act on what the fifth draws, and
  on nothing else. Found there: the three shapes, how far the shifts go, and how all five are read from a picture.
- **Leak meter**, for scenes and sprites: each code is moved over its range from eight random pictures, and a network
  that reads the true factors says how far each of them moved (1: as far as between two random pictures). One long bar
  is what is hoped for.
- **Scores** compare the encoder's codes on rendered pictures with the true factors: *FactorVAE*, *DCI*
  (disentanglement) and *MIG*, each from 0 to 1. FactorVAE alone is easily fooled. On the scenes here the regularizer
  changes little; far more comes from drawing rendered pictures again, without labels, from the codes that $Q$ reads.
- **A plain GAN** is offered, too: its sliders are the first six numbers of the noise, and each moves a little of
  everything.

Zhu et al., *Generative Visual Manipulation on the Natural Image Manifold*, 2016. Yao et al., *A Latent Transformer for
Disentangled Face Editing in Images and Videos*, 2021. Shen, Zhou, *Closed-Form Factorization of Latent Semantics in
GANs*, 2021. Chen et al., *InfoGAN*, 2016. Lin, Thekumparampil, Fanti, Oh, *InfoGAN-CR and ModelCentrality*, 2020.
"""


def build(page: gr.Blocks) -> None:
    """The tab: stage, fold-outs, and what happens when."""
    sliders = stage.component(
        "tabs/latent/stage",
        functions=[
            handlers.open_sliders,
            handlers.move,
            handlers.strips,
            handlers.meter,
            handlers.film,
            handlers.read_picture,
            handlers.scores,
            face.find_face,
            face.show_picture,
            face.follow,
            face.stop,
        ],
        elem_id="latent",
        pictures=FOR_STAGES,
    )
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    sliders.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    publish(endpoints.latent, api_name="latent")
    publish(endpoints.traverse, api_name="traverse")
    publish(endpoints.encode, api_name="encode")
    publish(face.encode_face, api_name="encode_face")


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of a setting."""
    try:
        _, setting = opened({name: getattr(event, name, None) for name in ("model", "set", "codes", "seed", "z")})
    except LatentLabError:
        setting = Setting(DEFAULT, (), 1)
    return foldouts.describe_network(setting.model), foldouts.share(
        to_query(setting), to_python(setting), setting.model
    )
