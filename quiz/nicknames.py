"""Names on the leaderboard: no personal data, no abuse, nothing that hides or disturbs other text."""

import re
import unicodedata

from models.errors import InvalidInput

SHORTEST, LONGEST = 2, 20  # characters
MOST_DIGITS = 4  # a year may stand in a name, a telephone number may not
MOST_MARKS = 2  # combining marks on one letter
OTHER_CHARACTERS = " ._-"
EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"}  # may be mixed, also with Latin letters
LOOK_ALIKES = str.maketrans("013457@$", "oieastas")
ABUSE_ANYWHERE = (
    "arschl", "asshole", "bitch", "blowjob", "faggot", "fotze", "fuck", "hitler", "jizz", "missgeburt",
    "motherf", "neger", "nigga", "nigger", "penis", "pussy", "putain", "rapist", "schlampe", "vagina", "whore", "wichs",
)  # fmt: skip
ABUSE_AS_WORD = (
    "anal", "anus", "ass", "cock", "coon", "cum", "cunt", "dick", "fag", "fick", "hure", "nazi", "negro", "nutte",
    "paki", "porn", "puta", "rape", "retard", "shit", "slut", "spic", "tits", "tranny", "twat", "wanker",
)  # fmt: skip


def clean_nickname(nickname: str) -> str:
    """The nickname as it may be shown.

    Args:
        nickname: what a visitor typed.

    Returns:
        2 to 20 characters: letters and digits of any script, space . _ -; normalised (Unicode NFKC), single spaces.

    Raises:
        InvalidInput: too short or long, other characters, letters of several scripts, an address, a telephone number,
            or an abusive word.
    """
    if not isinstance(nickname, str):
        raise InvalidInput("The nickname is not a text; give 2 to 20 letters or digits.")
    if any(unicodedata.category(character).startswith("C") for character in nickname):
        raise InvalidInput("The nickname holds invisible characters; use letters, digits, spaces and . _ - only.")
    name = " ".join(unicodedata.normalize("NFKC", nickname[: LONGEST * 20]).split())
    if not SHORTEST <= len(name) <= LONGEST:
        raise InvalidInput(f"The nickname has {len(name)} characters; use {SHORTEST} to {LONGEST}.")
    if "@" in name or "/" in name or re.search(r"[^\W\d_]{2}\.[^\W\d_]", name) or re.search(r"\bwww\b", name, re.I):
        raise InvalidInput("The nickname looks like an address; choose one that says nothing about how to reach you.")
    marks = 0
    for character in name:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind.startswith("M") else 0
        if marks > MOST_MARKS or not (kind[0] in "LM" or kind == "Nd" or character in OTHER_CHARACTERS):
            raise InvalidInput(f"The nickname holds {character!r}; use letters, digits, spaces and . _ - only.")
    if len(scripts(name) - EAST_ASIAN) > 1:
        raise InvalidInput("The nickname mixes letters of several alphabets, which look alike; use one.")
    if unicodedata.category(name[0])[0] not in "LN" or not any(character.isalnum() for character in name):
        raise InvalidInput("The nickname begins with a sign; begin with a letter or a digit.")
    if sum(character.isdigit() for character in name) > MOST_DIGITS:
        raise InvalidInput(f"The nickname has more than {MOST_DIGITS} digits, as telephone numbers have; use fewer.")
    if is_abusive(name):
        raise InvalidInput("This nickname may hurt others; choose another.")
    return name


def scripts(name: str) -> set[str]:
    """The scripts of its letters, as Unicode's names of characters begin: LATIN, CYRILLIC."""
    letters = [c for c in name if unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lo")]
    return {unicodedata.name(letter, "OTHER").split()[0] for letter in letters}


def is_abusive(name: str) -> bool:
    """Whether an abusive word stands in the name, also with look-alike digits, signs or accents between."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(LOOK_ALIKES)
    letters = "".join(character for character in plain if character.isalpha())
    words = re.findall(r"[^\W\d_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return any(word in letters for word in ABUSE_ANYWHERE) or any(
        word in ABUSE_AS_WORD or word.rstrip("s") in ABUSE_AS_WORD for word in [*words, letters]
    )


def to_key(nickname: str) -> str:
    """What two nicknames must not share: case, accents, spaces and signs do not make a name different."""
    plain = unicodedata.normalize("NFKD", nickname.casefold())
    return "".join(character for character in plain if character.isalnum())
