"""What may stand on the leaderboard."""

import pytest

from models.errors import InvalidInput
from quiz.nicknames import clean_nickname, to_key


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ada", "Ada"),
        ("  Ada   L. ", "Ada L."),
        ("Ａｄａ", "Ada"),  # full-width letters
        ("Zoë_7", "Zoë_7"),
        ("Jürgen-1984", "Jürgen-1984"),
        ("Петя", "Петя"),
        ("田中", "田中"),
        ("Ken 田中さん", "Ken 田中さん"),
        ("ラーメン_7", "ラーメン_7"),
        ("Kaʻiulani", "Kaʻiulani"),
        ("J. Smith", "J. Smith"),
        ("Matsushita", "Matsushita"),
        ("Scunthorpe FC", "Scunthorpe FC"),
        ("Hancock", "Hancock"),
        ("Cassandra", "Cassandra"),
    ],
)
def test_accepted(typed: str, shown: str) -> None:
    assert clean_nickname(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "x" * 21,
        "x" * 100_000,
        "   ",
        "...",
        "-Ada",
        "ada@example.org",
        "example.org",
        "www example",
        "http://a",
        "030 1234567",
        "+49 170",
        "1234567",
        "٠١٢٣٤٥٦",
        "Ada\u202eevil",
        "A\u200bda",
        "Ada\x00",
        "Ada\n\x1b[31m",
        "<b>Ada</b>",
        "Ada; DROP",
        "Z\u0300\u0301\u0302\u0303algo",
        "\U0001f600\U0001f600",
        "fuck you",
        "F.u.c.k",
        "fück",
        "sh1t",
        "s h i t",
        "H1tler",
        "ｆｕｃｋ",
        "\u0410nna",  # a Cyrillic А
        "Ann\u03b1",  # a Greek α
        "Пeтя",  # a Latin e
    ],
)
def test_refused_with_one_sentence(typed: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        clean_nickname(typed)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 140


def test_not_a_text() -> None:
    with pytest.raises(InvalidInput):
        clean_nickname(7)  # type: ignore[arg-type]


def test_names_that_look_alike_share_a_key() -> None:
    assert to_key("Zoë L.") == to_key("ZOE-l") == "zoel"
    assert to_key("Ada") != to_key("Adam")
