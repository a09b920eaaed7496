"""The languages of the page: turns what translators write into what the page's script reads.

Each language besides English is one file in `page/locales/`, named by its code of ISO 639-1, as gettext and the tools
of translators have it (.po). The English sentence is the key, so that no tab and no answer of the server knows of
languages; page/translation.js replaces it in the browser.
"""

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import polib

LOCALES = Path(__file__).resolve().parent / "locales"
SPAN = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|\*(?P<em>.+?)\*|`(?P<code>[^`]+)`|\$(?P<math>[^$]+)\$|\[(?P<a>.+?)\]\(.+?\)"
)
OPAQUE = ("code", "math")  # the same in all languages


@dataclass(frozen=True)
class Language:
    """One language besides English."""

    code: str  # of ISO 639-1
    name: str  # as its speakers call it, such as Deutsch
    table: dict[str, str]  # English -> this language

    @functools.cached_property
    def content(self) -> bytes:
        """The table as the page's script reads it: JSON."""
        tagged = dict(to_tags(english, other) for english, other in self.table.items())
        return json.dumps(tagged, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


@functools.cache
def languages() -> tuple[Language, ...]:
    """All languages besides English."""
    return tuple(read_language(file) for file in sorted(LOCALES.glob("*.po")))


def read_language(file: Path) -> Language:
    """One language from its file; sentences that are marked fuzzy or not translated yet stay English."""
    entries = polib.pofile(str(file), encoding="utf-8")
    table = {entry.msgid: entry.msgstr for entry in entries if entry.translated()}
    return Language(file.stem, entries.metadata["Language-Team"], table)


def to_tags(english: str, other: str) -> tuple[str, str]:
    """A sentence and its translation with numbered tags in place of Markdown: "of **D**" becomes "of <0>D</0>".

    Args:
        english: its spans get the numbers 0, 1, ... in the order in which they begin.
        other: the same spans in any order; formulas and code have to be the same.

    Raises:
        ValueError: a span is missing, or there is one too many.
    """
    spans: list[tuple[str, str]] = []

    def tag(found: re.Match[str], number: int, tagged: str) -> str:
        return f"<{number}/>" if found.lastgroup in OPAQUE else f"<{number}>{tagged}</{number}>"

    def number_english(found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        inner = found[kind]
        spans.append((kind, inner if kind in OPAQUE else ""))
        number = len(spans) - 1
        return tag(found, number, inner if kind in OPAQUE else SPAN.sub(number_english, inner))

    def number_other(found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        inner = found[kind]
        span = (kind, inner if kind in OPAQUE else "")
        if span not in left:
            raise ValueError(f"{found[0]!r} is not in {english!r}")
        number = left.index(span)
        left[number] = ("", "")
        return tag(found, number, inner if kind in OPAQUE else SPAN.sub(number_other, inner))

    key = SPAN.sub(number_english, english)
    left = list(spans)
    value = SPAN.sub(number_other, other)
    if any(kind for kind, _ in left):
        raise ValueError(f"{other!r} lacks a span of {english!r}")
    return key, value


def switch() -> str:
    """The choice of a language, as HTML for the masthead."""
    buttons = "".join(
        f'<button type="button" lang="{code}" data-language="{code}" aria-label="{name}" title="{name}" '
        f'aria-pressed="false" onclick="latentLab.speak(\'{code}\')">{code.upper()}</button>'
        for code, name in [*((language.code, language.name) for language in languages()), ("en", "English")]
    )
    return f'<div class="languages" role="group" aria-label="Language"><span translate="no">{buttons}</span></div>'
