"""The networks that the page offers: a literal table. How to add one: CONTRIBUTING.md, "A network"."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One network of the catalogue. Its figures and the exact command that made it stand in its card."""

    family: str  # which class reads it, see models.loading
    title: str  # what a visitor reads
    summary: str  # one line: what it draws or tells
    data: str  # what it was trained on
    terms: str  # what may be done with it
    command: str  # how the trainer makes it


def names_of(*families: str) -> list[str]:
    """The names of the networks of one or more families in the catalogue."""
    return [name for name, entry in CATALOGUE.items() if entry.family in families]


PHOTOGRAPHS = (
    "some 600 photographs: BSDS500, training and test part (Arbelaez et al. 2011), T91 (Yang et al. 2010), and some of "
    "ImageNet (Deng et al. 2009) at half size"
)
BEGINNING = (  # the common beginning of the upscalers, which is not shipped
    "python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-fast-middle --depth 5 "
    "--images 176000 --decay 0 --squared-from 1 && "
)
FAITHFUL = (
    BEGINNING + "python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-quality-first "
    "--start weights/upscale-x4-fast-middle --features 48 --depth 8 --images 280000 --learning-rate 0.0007 --seed 1 && "
)
MIDDLE = (
    BEGINNING + "python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-quality-middle "
    "--start weights/upscale-x4-fast-middle --features 48 --depth 8 --images 96000 --decay 0 --squared-from 1 "
    "--learning-rate 0.0007 --seed 1 && "
)
PROJECTED = (
    "--generator fastgan --discriminator projected --loss hinge --augmentation strong --momentum 0 --resolution 128 "
    "--latent-size 128 --batch 64 --hold-out spread --storage int8 --frames 0"
)
CATALOGUE: dict[str, Entry] = {
    "faces-128": Entry(
        family="fastgan-generator",
        title="Faces in colour, 128 px",
        summary="128 x 128 colour faces of adults who never existed",
        data="9,500 photographs of adults from UTKFace (Zhang et al. 2017), aligned by eyes, nose and mouth, sharp "
        "ones chosen",
        terms="non-commercial research and teaching; the photographs belong to their owners and may not be passed on",
        command=f"python -m trainer gan --data faces128.zip --out weights/faces-128 {PROJECTED} --images 309000 "
        "--validation 0 && python -m trainer moments weights/faces-128 --data faces128.zip --images 5600 "
        "--hold-out spread",
    ),
    "portraits-128": Entry(
        family="fastgan-generator",
        title="Studio portraits in grey, 128 px",
        summary="128 x 128 grey studio portraits of people who never existed",
        data="607 portraits of the Congressional Pictorial Directory (US Government Publishing Office), after the "
        "faces of faces-128",
        terms="the portraits are public domain; the network goes on from faces-128, whose terms hold: non-commercial "
        "research and teaching",
        command=f"python -m trainer gan --data portraits128.zip/train --out weights/portraits-128 {PROJECTED} "
        "--channels 1 --start-run runs/faces-128 --images 70000 --decay 0.5 --validation 0",
    ),
    "faces-celeba-64": Entry(
        family="gan-generator",
        title="Faces in colour (CelebA)",
        summary="64 x 64 colour faces of people who never existed",
        data="7,000 photographs of celebrities from CelebA (Liu et al. 2015), aligned to the eyes",
        terms="non-commercial research and teaching; the photographs themselves may not be passed on",
        command="python -m trainer gan --data celeba64.zip --out weights/faces-celeba-64-first --width 64 "
        "--discriminator-width 32 --images 1300000 --batch 64 --learning-rate 3e-4 --augment 0.6 "
        "--low-resolution 0.25 --half-life 20000 && "
        "python -m trainer gan --data celeba64.zip --out weights/faces-celeba-64 --start weights/faces-celeba-64-first "
        "--width 64 --discriminator-width 32 --images 420000 --batch 64 --learning-rate 3e-4 --decay 0.8 "
        "--augment 0.6 --low-resolution 0.25 --half-life 20000 --snapshots 2",
    ),
    "faces-mixture-64": Entry(
        family="mixture",
        title="Faces, mixture of Gaussians",
        summary="64 x 64 colour faces of people who never existed, blurred, and the likelihood of any face",
        data="7,000 photographs of celebrities from CelebA (Liu et al. 2015), aligned to the eyes",
        terms="non-commercial research and teaching; the photographs themselves may not be passed on",
        command="python -m trainer mixture --data celeba64.zip --out weights/faces-mixture-64 --principal 200",
    ),
    "faces-features-64": Entry(
        family="face-features",
        title="Face features (CelebA)",
        summary="128 numbers that describe a face, for measuring the others",
        data="7,000 photographs of celebrities from CelebA (Liu et al. 2015) with their 40 attributes",
        terms="non-commercial research and teaching; the photographs themselves may not be passed on",
        command="python -m trainer features --data celeba64.zip --out weights/faces-features-64",
    ),
    "faces-attributes-128": Entry(
        family="face-features",
        title="Attributes of faces",
        summary="What can be seen in a face: age, smile, glasses and others, for the sliders",
        data="7,500 photographs of celebrities from CelebA (Liu et al. 2015) with their attributes, and 8,500 from "
        "UTKFace (Zhang et al. 2017) with ages",
        terms="non-commercial research and teaching; the photographs themselves may not be passed on",
        command="python -m trainer attributes --data celeba64.zip --ages faces128.zip --turns turns.csv "
        "--out weights/faces-attributes-128 --steps 2600",
    ),
    "scenes-conditional-64": Entry(
        family="conditional",
        title="Scenes to order",
        summary="64 x 64 scenes with the floor, wall and object colour and the shape that were asked for",
        data="scenes that data/scenes.py renders, in the manner of 3D Shapes (Burgess and Kim 2018)",
        terms="free for every use; no picture of anyone else's went into it",
        command="python -m trainer conditional --out weights/scenes-conditional-64 --images 640000 --batch 48 "
        "--save-every 1500",
    ),
    "scenes-infogan-64": Entry(
        family="infogan",
        title="Scenes, InfoGAN",
        summary="64 x 64 scenes drawn from codes that were found without labels",
        data="scenes that data/scenes.py renders, in the manner of 3D Shapes (Burgess and Kim 2018)",
        terms="free for every use; no picture of anyone else's went into it",
        command="python -m trainer infogan --out weights/scenes-infogan-before --seed 3 --images 480000 --batch 32 "
        "--codes circular*3,uniform*3 --paints --coarse 0.0375 --coarse-boost 6 --noise 0 --width 16 --information 1 "
        "--others 3 --learning-rate 5e-4 --critic-learning-rate 1e-3 --decay 0.4 --contrastive-from 0.5 "
        "--save-every 500 && python -m trainer infogan --out weights/scenes-infogan-64 --start "
        "weights/scenes-infogan-before --seed 3 --images 48000 --batch 32 --codes circular*3,uniform*3 --paints "
        "--noise 0 --width 24 --information 1 --others 3 --reconstruction 50 --redraw-first 0.2 "
        "--critic-learning-rate 5e-4 --decay 0.5 --half-life 5000 --log-every 50 --save-every 500 --frames 8",
    ),
    "scenes-infogan-cr-64": Entry(
        family="infogan",
        title="Scenes, InfoGAN-CR",
        summary="64 x 64 scenes drawn from codes that were found without labels, with the contrastive regularizer",
        data="scenes that data/scenes.py renders, in the manner of 3D Shapes (Burgess and Kim 2018)",
        terms="free for every use; no picture of anyone else's went into it",
        command="python -m trainer infogan --out weights/scenes-infogan-cr-64 --start weights/scenes-infogan-64 "
        "--seed 5 --images 6400 --batch 32 --codes circular*3,uniform*3 --paints --noise 0 --width 24 --information 1 "
        "--others 3 --reconstruction 30 --contrastive 1 --contrastive-from 0 --learning-rate 5e-4 "
        "--critic-learning-rate 5e-4 --decay 0.9 --half-life 3000 --log-every 10 --save-every 1000 --frames 4",
    ),
    "sprites-infogan-cr-64": Entry(
        family="infogan",
        title="Sprites, InfoGAN-CR",
        summary="64 x 64 sprites: one code, found without labels, is the shape; four codes shift, size and turn it",
        data="sprites that data/sprites.py renders, in the manner of dSprites (Matthey et al. 2017)",
        terms="free for every use; no picture of anyone else's went into it",
        command="python -m trainer infogan --out weights/sprites-infogan-cr-64 --world sprites --seed 1 "
        "--images 2202000 --batch 128 --codes uniform*3,circular,categorical-3 --moves --noise 0 --width 16 "
        "--information 0.2 --contrastive 1 --contrastive-from 0.6 --learning-rate 5e-4 --decay 0.4 --half-life 50000 "
        "--workers 2 --precision fp32 --save-every 20000",
    ),
    "streets-day-night-256": Entry(
        family="translation",
        title="Streets: day and night",
        summary="Dash-camera streets by day as if by night, and back",
        data="1,800 dash-camera pictures of the BDD100K kind (Yu et al. 2020), day and night, unpaired",
        terms="non-commercial research and teaching; the pictures themselves may not be passed on",
        command="python -m trainer cyclegan --data day_night256.zip --out weights/streets-day-night-256 "
        "--domains day,night --images 27000 --height 144 --width 256 --crop 128 --cycle 5.0 --identity 0.3 "
        "--learning-rate 0.0005",
    ),
    "streets-labels-photo-256": Entry(
        family="translation",
        title="Streets: from a drawn map",
        summary="Maps of labels as street photographs, and photographs as maps",
        data="700 pairs of Cityscapes (Cordts et al. 2016) as prepared for pix2pix",
        terms="non-commercial research; the pictures themselves may not be passed on",
        command="python -m trainer pix2pix --data cityscapes_pairs256.zip --out weights/streets-labels-photo-256-first "
        "--domains labels,photos --palette cityscapes --images 16000 --features 24 --learning-rate 0.0005 && "
        "python -m trainer pix2pix --data cityscapes_pairs256.zip --out weights/streets-labels-photo-256-second "
        "--start weights/streets-labels-photo-256-first --domains labels,photos --palette cityscapes --images 2800 "
        "--features 24 --blocks 1 --decay 0.7 --learning-rate 0.0005 && "
        "python -m trainer pix2pix --data cityscapes_pairs256.zip --out weights/streets-labels-photo-256 "
        "--start weights/streets-labels-photo-256-second --seed 1 --domains labels,photos --palette cityscapes "
        "--images 3600 --features 24 --blocks 1 --perceptual 10 --reconstruction 10 --decay 0.6 --learning-rate 0.0004",
    ),
    "faces-age-128": Entry(
        family="translation",
        title="Faces: young and old",
        summary="A face made older or younger",
        data="5,304 faces from UTKFace (Zhang et al. 2017), of people of 18 to 30 years and of 55 and more, unpaired",
        terms="non-commercial research; the pictures themselves may not be passed on",
        command="python -m trainer cyclegan --data faces128.zip --out weights/faces-age-128 "
        "--domains young=age:18-30,old=age:55- --images 26000 --batch 4 --height 128 --width 128 --merge difference "
        "--features 24 --halvings 2 --blocks 4 --critic-features 24 --cycle 3 --identity 0.2 --identity-every 4 "
        "--learning-rate 0.0003 --validation 200",
    ),
    "faces-smile-128": Entry(
        family="translation",
        title="Faces: neutral and smiling",
        summary="A face with a smile put on or taken off",
        data="5,860 faces from UTKFace (Zhang et al. 2017) in which faces-attributes-128 reads a smile or none, "
        "unpaired",
        terms="non-commercial research; the pictures themselves may not be passed on",
        command="python -m trainer readings --data faces128.zip && "
        "python -m trainer cyclegan --data faces128.zip --out weights/faces-smile-128 "
        "--domains neutral=smile:0-0.1,smiling=smile:0.9- --images 26000 --batch 4 --height 128 --width 128 "
        "--merge difference --features 24 --halvings 2 --blocks 4 --critic-features 24 --cycle 4 --identity 0.2 "
        "--identity-every 4 --learning-rate 0.0003 --validation 200 --without-discriminators",
    ),
    "streets-features-64": Entry(
        family="face-features",
        title="Street features (day or night)",
        summary="Tells day from night, for judging translators",
        data="1,800 dash-camera pictures of the BDD100K kind (Yu et al. 2020), day and night",
        terms="non-commercial research and teaching; the pictures themselves may not be passed on",
        command="python -m trainer features --data day_night256.zip --domains day,night --validation 100 --grey 0 "
        "--blur 0.05 --steps 900 --out weights/streets-features-64",
    ),
    "streets-features-relit-64": Entry(
        family="face-features",
        title="Street features (day or night, in any light)",
        summary="Tells day from night by more than brightness, for judging translators",
        data="1,800 dash-camera pictures of the BDD100K kind (Yu et al. 2020), day and night, lit at random",
        terms="non-commercial research and teaching; the pictures themselves may not be passed on",
        command="python -m trainer features --data day_night256.zip --domains day,night --picture-height 72 "
        "--picture-width 128 --validation 100 --grey 0 --light 0.4 --blur 0.02 --steps 1500 "
        "--out weights/streets-features-relit-64",
    ),
    "upscale-x2-fast": Entry(
        family="super-resolution",
        title="Upscale x2, fast",
        summary="Pictures twice as large, faithful, in a moment",
        data=PHOTOGRAPHS,
        terms="non-commercial research; the photographs themselves may not be passed on",
        command="python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x2-fast "
        "--start weights/upscale-x4-fast --scale 2 --depth 5 --images 150000 --learning-rate 0.0007",
    ),
    "upscale-x4-fast": Entry(
        family="super-resolution",
        title="Upscale x4, fast",
        summary="Pictures four times as large, faithful, in a moment",
        data=PHOTOGRAPHS,
        terms="non-commercial research; the photographs themselves may not be passed on",
        command="python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-fast --depth 5 "
        "--images 450000",
    ),
    "upscale-x4-quality": Entry(
        family="super-resolution",
        title="Upscale x4, quality",
        summary="Pictures four times as large, faithful",
        data=PHOTOGRAPHS,
        terms="non-commercial research; the photographs themselves may not be passed on",
        command=FAITHFUL + "python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-quality "
        "--start weights/upscale-x4-quality-first --features 48 --depth 8 --images 220000 --learning-rate 0.0006 "
        "--decay 0.7 --seed 2",
    ),
    "upscale-x4-sharp": Entry(
        family="super-resolution",
        title="Upscale x4, sharp",
        summary="Pictures four times as large, with invented detail that looks real",
        data=PHOTOGRAPHS,
        terms="non-commercial research; the photographs themselves may not be passed on",
        command=FAITHFUL + "python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-robust "
        "--start weights/upscale-x4-quality-first --features 48 --depth 8 --part 24 --degradation mixed "
        "--squared-from 1 --learning-rate 0.0005 --decay 0.3 --images 80000 --half-life 4000 --seed 3 && "
        "python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-sharp-first "
        "--start weights/upscale-x4-robust --features 48 --depth 8 --images 90000 --part 24 --degradation mixed "
        "--luma 0 --squared-from 1 --adversarial 0.02 --matching 0.3 --consistency 1 --learning-rate 0.0002 "
        "--critic-learning-rate 0.0001 --half-life 4000 && "
        "python -m trainer super-resolution --data sr_train.zip --out weights/upscale-x4-sharp "
        "--start weights/upscale-x4-sharp-first --seed 1 --features 48 --depth 8 --images 88000 --part 24 "
        "--degradation twice --luma 0 --squared-from 1 --adversarial 0.02 --perceptual 0.5 --matching 0.3 "
        "--consistency 1 --learning-rate 0.0002 --critic-learning-rate 0.0001 --half-life 4000",
    ),
    "faces-upscale-x4": Entry(
        family="super-resolution",
        title="Faces x4",
        summary="Faces of about 32 px four times as large, faithful",
        data="2,660 portraits of adults from FFHQ (Karras et al. 2019), 128 x 128 px",
        terms="CC BY-NC-SA 4.0; the photographs themselves are not in this repository",
        command=MIDDLE + "python -m trainer super-resolution --data ffhq128.zip --out weights/faces-upscale-x4 "
        "--start weights/upscale-x4-quality-middle --features 48 --depth 8 --part 0 --degradation mixed "
        "--validation 200 --images 150000 --learning-rate 0.0007",
    ),
    "faces-upscale-x4-sharp": Entry(
        family="super-resolution",
        title="Faces x4, sharp",
        summary="Faces of about 32 px four times as large, with invented detail that looks real",
        data="2,660 portraits of adults from FFHQ (Karras et al. 2019), 128 x 128 px",
        terms="CC BY-NC-SA 4.0; the photographs themselves are not in this repository",
        command="python -m trainer super-resolution --data ffhq128.zip --out weights/faces-upscale-x4-sharp "
        "--start weights/faces-upscale-x4 --features 48 --depth 8 --part 0 --degradation mixed --luma 0 "
        "--squared-from 1 --adversarial 0.02 --perceptual 0.5 --matching 0.3 --consistency 1 --validation 200 "
        "--images 18000 --learning-rate 0.0002 --critic-learning-rate 0.0001 --half-life 4000",
    ),
    "scenes-factors-64": Entry(
        family="factors",
        title="Factors of scenes",
        summary="Reads the six factors of a rendered scene, for measuring the others",
        data="scenes that data/scenes.py renders, in the manner of 3D Shapes (Burgess and Kim 2018)",
        terms="free for every use; no picture of anyone else's went into it",
        command="python -m trainer factors --out weights/scenes-factors-64",
    ),
    "sprites-factors-64": Entry(
        family="factors",
        title="Factors of sprites",
        summary="Reads the five factors of a rendered sprite, for measuring the others",
        data="sprites that data/sprites.py renders, in the manner of dSprites (Matthey et al. 2017)",
        terms="free for every use; no picture of anyone else's went into it",
        command="python -m trainer factors --out weights/sprites-factors-64 --world sprites",
    ),
}
