"""`python -m audit`: checks every pin of the requirements and everything that is installed for this Python.

It ends with 1 where an advisory applies that is not in ACCEPTED.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from datetime import date, datetime, timezone
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from audit import live
from audit.accepted import ACCEPTED
from audit.advisories import KEPT, Advisory, Book, read_book, rewrite

ROOT = Path(__file__).resolve().parent.parent
ARCHIVE = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"  # all of PyPI's records
OPTIONAL = {"aiohttp", "cryptography", "mcp", "pyjwt", "ray"}  # installed in other environments than this one, too
HERE = "installed"
STALE = 90  # days after which the kept advisories are called old


def pinned(root: Path = ROOT) -> Iterator[tuple[str, str, str]]:
    """Name, version and file of every `==` in the requirements, for whichever Python it is meant."""
    for file in sorted(root.glob("requirements*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            try:
                requirement = Requirement(line.partition("#")[0].strip())
            except InvalidRequirement:  # an option, a comment or an empty line
                continue
            for specifier in requirement.specifier:
                if specifier.operator == "==":
                    yield canonicalize_name(requirement.name), specifier.version, file.name


def installed() -> Iterator[tuple[str, str, str]]:
    """Name, version and place of everything that this Python finds, the tools that install included."""
    for found in metadata.distributions():
        yield canonicalize_name(found.metadata["Name"]), found.version, HERE


def check(
    wanted: list[tuple[str, str, str]], book: Book, answers: dict[tuple[str, str], list[Advisory]] | None = None
) -> tuple[list[str], list[str]]:
    """Sentences on what was found, and on what was found and accepted.

    Args:
        wanted: name, version and place of each package.
        book: the kept advisories.
        answers: osv.dev's, by name and version; None where it was not asked.
    """
    places: dict[tuple[str, str], list[str]] = {}
    for name, version, place in wanted:
        if place not in places.setdefault((name, version), []):
            places[name, version].append(place)
    findings, accepted = [], []
    for (name, version), where in sorted(places.items()):
        seen: set[str] = set()
        for advisory in [*book.about(name, version), *(answers or {}).get((name, version), [])]:
            ids = {advisory.id, *advisory.aliases}
            if ids & seen:
                continue
            seen |= ids
            known = " ".join(sorted(ids))
            sentence = f"{name} {version} ({', '.join(where)}): {known}: {advisory.summary}; {advisory.remedy}."
            entry = next((ACCEPTED[key] for key in sorted(ids) if key in ACCEPTED), None)
            if (
                entry
                and (entry.package, entry.version) == (name, version)
                and not (entry.pinned_only and HERE in where)
            ):
                accepted.append(f"{sentence} Accepted: {entry.reason}")
            else:
                findings.append(sentence)
    return findings, accepted


def age(book: Book, today: date) -> str:
    """The warning about old advisories; empty while they are not."""
    days = (today - book.date).days
    if days <= STALE:
        return ""
    return f"The kept advisories are {days} days old; where there is a network, run: make advisories"


def main(arguments: list[str]) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__, allow_abbrev=False)
    parser.add_argument("--live", action="store_true", help="ask osv.dev, too, if it can be reached")
    parser.add_argument(
        "--refresh",
        metavar="SOURCE",
        nargs="?",
        const=ARCHIVE,
        help=f"first rewrite {KEPT.name} from a folder or zip archive of OSV records (without a value: {ARCHIVE})",
    )
    parser.add_argument("--origin", default="", help="where those records come from, in words (default: SOURCE)")
    options = parser.parse_args(arguments)
    wanted = [*pinned(), *installed()]
    today = datetime.now(timezone.utc).date()
    if options.refresh:
        source = str(options.refresh)
        names = {name for name, _, _ in wanted} | OPTIONAL
        path = live.download(source) if source.startswith("https://") else Path(source)
        try:
            rewrite(path, names, origin=options.origin or source, day=today)
        finally:
            if source.startswith("https://"):
                shutil.rmtree(path.parent)
    book = read_book()
    answers = live.ask(sorted({(name, version) for name, version, _ in wanted})) if options.live else None
    findings, accepted = check(wanted, book, answers)
    for sentence in accepted:
        print(sentence)
    for sentence in findings:
        print(f"FOUND {sentence}", file=sys.stderr)
    asked = "and osv.dev, today" if answers is not None else f"of {book.date}: {book.source}"
    count = len({(name, version) for name, version, _ in wanted})
    print(f"{count} versions of packages against {len(book.advisories)} advisories {asked}")
    print(f"{len(findings)} found, {len(accepted)} accepted")
    if answers is None and (warning := age(book, today)):
        print(f"WARNING {warning}", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
