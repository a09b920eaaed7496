"""Tab "Which face is real?": two faces, one question; the verdict, the discriminator's answer, how everybody did."""

import dataclasses
from typing import Any

import gradio as gr

from models.catalogue import CATALOGUE
from models.errors import InvalidInput, LatentLabError
from page import foldouts, stage
from quiz import rounds
from quiz.decks import DECKS, open_deck
from quiz.tells import GENERAL_TELLS
from quiz.tokens import new_token
from quiz.view import to_png
from server import health
from server.guard import Values, read_fields, sentence
from serving.lock import drawing_lock
from tabs.programs import Form, Given, given, publish
from tabs.quiz import crowd
from tabs.quiz.game import (
    Game,
    describe_verdict,
    from_fields,
    judge,
    new_pair,
    player_of,
    standing,
    store,
    to_python,
    to_query,
)

TELLS = "\n".join(f"- **{name}.** {description}" for name, description in GENERAL_TELLS)

HOW_IT_WORKS = rf"""
One face is a photograph, the other was drawn by a **generator**. Its opponent in training, the **discriminator**, plays
the same rounds as you and sees the very pictures you see. Both kinds of picture have the same size, sharpness and file
format, are varied anew in every round, and which one is real stays on the server until you answer.

**The photographs** are official portraits of members of the United States Congress, works of its government and free
for everybody: real people in public office. Nobody that a network drew exists. Faces of both kinds are shown in an
oval, which hides the studio's wall, with the same amounts of fine detail and with fresh grain. At the last level you
do not see whatever the network draws: of some thousand faces, those that come nearest to the photographs in light,
colour, age and expression, without the half to which the discriminator objects most.

What often gives a small network away:

{TELLS}

After every answer, the *tell* names, and a ring marks, the part of the generated face that the discriminator objects
to most: the one whose blurring would make the face look more real to it.

- **The discriminator's percentage** is its probability that the left face $x_l$ of a pair is the real one,
  $P = \sigma(D(x_l) - D(x_r))$ with its logits $D$ and $\sigma(t) = 1 / (1 + e^{{-t}})$.
- **A network of others** that the host of the page plays with comes without its discriminator and without pictures of
  its training: then there is one level, and nobody plays beside you.
- **Level 1** shows what the generator drew early in its training, the last level what it drew at the end. The level
  that follows you goes up after three right answers in a row and down after a wrong one, and so settles where you are
  right in 79 %.
- **The range behind a percentage** is Wilson's 95 % interval: with few rounds, chance plays along.
- **Sensitivity** is $d' = \sqrt{{2}}\, \Phi^{{-1}}(p)$ for a share $p$ of right answers, with the normal distribution
  $\Phi$.
- **Calibration** compares how sure you said you were with how often you were right. The **Brier score** is the mean of
  $(c - r)^2$ with your confidence $c$ and the result $r$, 1 or 0.

With the keyboard: the left and right arrow choose, 5 to 9 and 0 say how sure you are (50 to 100 %), Enter goes on.

A random number in your browser's storage keeps your score. The server knows you by this number, and by a nickname if
you give one; "Forget me" takes both off your answers, which stay in everybody's counts.

Goodfellow et al., *Generative Adversarial Nets*, 2014. Macmillan and Creelman, *Detection Theory*, 2005. Levitt,
*Transformed Up-Down Methods in Psychoacoustics*, 1971. Wilson, *Probable Inference*, 1927.
"""


def build(page: gr.Blocks) -> None:
    """The tab: the game, everybody, fold-outs."""
    quiz_stage = stage.component("tabs/quiz/stage", functions=[deal, answer, list_decks], elem_id="quiz")
    crowd.build()
    with gr.Column(elem_classes="foldouts"):
        card, code = foldouts.fold_outs(HOW_IT_WORKS)
    quiz_stage.input(describe, None, [card, code], queue=False, show_progress="hidden", api_visibility="private")
    publish(quiz_new, api_name="quiz_new")
    publish(quiz_answer, api_name="quiz_answer")


# --- endpoints for programs --------------------------------------------------------------------------------------


def quiz_new(deck: str = Game.deck, level: int = 1, form: Form = None) -> tuple[str, Given, Given]:
    """Two faces, one of them a photograph. Which one is told by quiz_answer, once, within an hour.

    Args:
        deck: portraits-colour, portraits, scenes or folder; the last only where the host of the page has set it up.
        level: 1 (early in the generator's training) to the deck's last (its end), 8 for most networks.
        form: of the pictures, "file" or "data" (data URIs).

    Returns:
        the id of the round, the left and the right picture; pictures are PNG files of 256 x 256 pixels.
    """
    question = rounds.new_round(store(), from_fields({"deck": deck}).deck, level, lock=drawing_lock)
    health.figures.rounds.inc()
    left, right = (given(to_png(picture), "png", form) for picture in (question.left, question.right))
    return question.token, left, right


def quiz_answer(round: str, choice: str, confidence: int | None = None) -> dict[str, Any]:
    """The one answer to a round, and the verdict.

    Args:
        round: the id that quiz_new gave.
        choice: the picture you hold to be the photograph, "left" or "right".
        confidence: how sure you are in percent, 50 (guessed) to 100 (certain); null if you would rather not say.

    Returns:
        correct; real_side; deck; level and levels; step: of the generator's training; left_logit and right_logit: the
        discriminator's, larger is more real; left_is_real: its probability, 0 to 1; discriminator_correct: these four
        are null where a host's network came without a discriminator; tell: a sentence on where the generated face
        fails; spot: that place, centre across and down and radius across and down as parts of the side, or null;
        credit: of the photograph, with author, licence, url and source, or null; shown and fooled: how many answers
        this generated face got, and how many of these took it for real; response: seconds since the question.
    """
    verdict = dataclasses.asdict(judge(round, choice, confidence))
    del verdict["score"]  # rounds of programs have no player
    return verdict


# --- for the stage's script --------------------------------------------------------------------------------------


def deal(request: Values) -> Values:
    """The first pair, also after another deck or level was chosen.

    Args:
        request: "deck" and "level" of the game; "player", the visitor's token, if they have one.

    Returns:
        "player", "deck", "title", "level", "levels", "link", "subject", "pair" and "standing"; "notice", a
        sentence, if another game was dealt than the one asked for; "trouble", a sentence in place of the pair, if
        the deck cannot be played here.
    """
    fields = request if isinstance(request, dict) else {}
    player = known_player(fields)
    try:
        try:
            return deal_game(from_fields(fields), player)
        except InvalidInput as error:
            return {**deal_game(Game(), player), "notice": str(error)}
    except Exception as error:
        deck = next((name for name in DECKS if name == fields.get("deck")), Game.deck)
        return {"player": player, "deck": deck, "title": DECKS[deck].title, "trouble": sentence(error)}


def deal_game(game: Game, player: str) -> Values:
    """What `deal` returns. Raises as `quiz.rounds.new_round` does."""
    pair = new_pair(game, player)
    return {
        "player": player,
        "deck": game.deck,
        "title": DECKS[game.deck].title,
        "level": game.level_name,
        "levels": [f"step {step:,}" if step else "finished" for step in open_deck(game.deck).steps],
        "link": to_query(game),
        "subject": DECKS[game.deck].subject,
        "pair": pair,
        "standing": standing(player, game.deck),
    }


def known_player(fields: Values) -> str:
    """The player's token in a request; a new one if there is none."""
    try:
        return player_of(fields)
    except InvalidInput:
        return new_token()


def answer(request: Values) -> Values:
    """The verdict on a choice, and the next pair, in one round trip.

    Args:
        request: "round" and "choice"; "confidence" in percent, or nothing; "player", "deck" and "level".

    Returns:
        "verdict" and "standing", or "notice", a sentence; "next", a pair like that of `deal`, or nothing.
    """
    try:
        fields = read_fields(request)
        game, player = from_fields(fields), player_of(fields)
        verdict = judge(fields.get("round", ""), fields.get("choice", ""), fields.get("confidence"))
    except Exception as error:
        return {"notice": sentence(error)}
    told = {"verdict": describe_verdict(verdict)}
    try:
        return {**told, "standing": standing(player, verdict.deck), "next": new_pair(game, player)}
    except Exception as error:  # the answer counts all the same
        return {**told, "notice": sentence(error)}


def list_decks(_request: Values) -> list[dict[str, str]]:
    """All decks, and why some cannot be played here: "name", "title", "summary" and "reason"."""
    return [
        {"name": name, "title": offer.title, "summary": offer.summary, "reason": why_not(name)}
        for name, offer in DECKS.items()
    ]


def why_not(deck: str) -> str:
    """Why a deck cannot be played here; empty if it can."""
    try:
        open_deck(deck)
    except Exception as error:
        return sentence(error)
    return ""


def describe(event: gr.EventData) -> tuple[str, dict[str, str]]:
    """The fold-outs of another deck or level."""
    try:
        game = from_fields({name: getattr(event, name, None) for name in ("deck", "level")})
    except InvalidInput:
        game = Game()
    offer = DECKS[game.deck]
    try:
        network = open_deck(game.deck).network
    except LatentLabError as error:
        return str(error), {"link": f"?{to_query(game)}"}
    if network not in CATALOGUE:  # a folder of the host's, which is nobody else's business
        return f"{offer.title}: {offer.summary}.", {"link": f"?{to_query(game)}", "python": to_python(game)}
    card = f"This deck, {offer.title.lower()}: {offer.summary}.\n\n{foldouts.describe_network(network)}"
    return card, foldouts.share(to_query(game), to_python(game), network)
