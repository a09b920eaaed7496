"""Pairs for a blind look: a sheet of numbered pairs as the game shows them, and the answers in a file of their own.

`python -m quiz.pairs portraits-colour --count 40 --seed 7 --to pairs` writes `pairs/pairs.png` and `pairs/key.csv`.
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.errors import LatentLabError
from quiz.decks import DECKS, Deck, open_deck
from quiz.view import SHOWN, draw_variation, show

COLUMNS = 4  # pairs in a row
GAP = 16  # px between pairs
TITLE = 40  # px above a pair, for its number
WHITE = 255


def draw_pairs(deck: Deck, count: int, seed: int, level: int) -> tuple[Image.Image, list[dict[str, object]]]:
    """The sheet, and for each pair its number, the side of the photograph, and which pictures it shows.

    Args:
        deck: whose pictures.
        count: pairs, none of whose pictures comes twice; at most as many as there are photographs.
        seed: of which pictures meet, how they are varied and on which side the photograph is.
        level: of the generated pictures, from 1.
    """
    source = np.random.default_rng(seed)
    reals, fakes = (source.permutation(deck.reals.count)[:count] for _ in range(2))
    rows = -(-count // COLUMNS)
    width, height = COLUMNS * (2 * SHOWN + GAP) + GAP, rows * (SHOWN + TITLE) + GAP
    sheet = Image.new("RGB", (width, height), (WHITE,) * 3)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=28)
    answers: list[dict[str, object]] = []
    for number, (real, fake) in enumerate(zip(reals, fakes, strict=True)):
        pictures = {"photograph": deck.reals.picture(int(real)), "generated": deck.fakes(level).picture(int(fake))}
        order = ["photograph", "generated"] if source.random() < 0.5 else ["generated", "photograph"]
        left, top = GAP + number % COLUMNS * (2 * SHOWN + GAP), number // COLUMNS * (SHOWN + TITLE)
        pen.text((left, top + 4), str(number + 1), fill=(0, 0, 0), font=font)
        for place, kind in enumerate(order):
            shown = show(pictures[kind], draw_variation(f"{seed}/{number}", ("left", "right")[place]), deck.view)
            sheet.paste(Image.fromarray(shown.squeeze()), (left + place * SHOWN, top + TITLE))
        side = ("left", "right")[order.index("photograph")]
        answers.append({"number": number + 1, "photograph": side, "real": int(real), "fake": int(fake)})
    return sheet, answers


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns what it exits with."""
    parser = argparse.ArgumentParser(
        prog="python -m quiz.pairs",
        description="Writes numbered pairs of a photograph and a generated picture, and the answers apart.",
        allow_abbrev=False,
    )
    parser.add_argument("deck", choices=DECKS)
    parser.add_argument("--count", type=int, default=40, help="pairs (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which pairs (%(default)s)")
    parser.add_argument("--level", type=int, help="of the generated pictures (the last)")
    parser.add_argument("--to", type=Path, required=True, help="folder for pairs.png and key.csv")
    chosen = parser.parse_args(arguments)
    try:
        deck = open_deck(chosen.deck)
        if not 1 <= chosen.count <= deck.reals.count:
            parser.error(f"{chosen.count} pairs cannot be made; from 1 to {deck.reals.count} are possible.")
        sheet, answers = draw_pairs(deck, chosen.count, chosen.seed, chosen.level or deck.levels)
    except LatentLabError as error:
        parser.error(str(error))
    chosen.to.mkdir(parents=True, exist_ok=True)
    sheet.save(chosen.to / "pairs.png")
    with (chosen.to / "key.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(answers[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(answers)
    print(f"{chosen.count} pairs in {chosen.to / 'pairs.png'}, the answers in {chosen.to / 'key.csv'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
