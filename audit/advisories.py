"""Advisories on packages: OSV's records (https://ossf.github.io/osv-schema/), the part of them that is kept in this
folder, and which versions they are about.

The kept part is `advisories.json`: of each advisory its ids, the package, versions and one line. `rewrite` makes it
of a folder or zip archive of OSV records, such as https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip.
"""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

KEPT = Path(__file__).parent / "advisories.json"
LONGEST = 160  # characters of a summary
KINDS = ("introduced", "fixed", "last_affected")  # events of a range

Record: TypeAlias = dict[str, Any]
Event: TypeAlias = tuple[str, str]  # one of KINDS, and the version


@dataclass(frozen=True)
class Advisory:
    """One record on one package."""

    id: str
    aliases: tuple[str, ...]
    package: str  # canonical name
    ranges: tuple[tuple[Event, ...], ...]  # in order; in each range, versions from an introduction to its end
    versions: tuple[str, ...]  # single ones, where the record has no ranges
    summary: str

    def affects(self, version: str) -> bool:
        """Whether a version is one that the advisory is about; one that cannot be read is taken for affected."""
        number = public(version)
        if number is None or version in self.versions:
            return True
        return any(within(number, events) for events in self.ranges)

    @property
    def remedy(self) -> str:
        """What to do, as half a sentence."""
        fixed = [version for events in self.ranges for kind, version in events if kind == "fixed"]
        return f"fixed in {', '.join(dict.fromkeys(fixed))}" if fixed else "no version is known to be fixed"


@dataclass(frozen=True)
class Book:
    """Advisories, and how far they can be trusted."""

    date: date  # of the records
    source: str
    advisories: tuple[Advisory, ...]

    def about(self, package: str, version: str) -> list[Advisory]:
        """The advisories on one version of a package."""
        name = canonicalize_name(package)
        return [advisory for advisory in self.advisories if advisory.package == name and advisory.affects(version)]


def public(version: str) -> Version | None:
    """A version without the build's own mark (`2.13.0+cpu`); None if it cannot be read."""
    try:
        return Version(Version(version).public)
    except InvalidVersion:
        return None


def event_version(text: str) -> Version:
    """The version of an event; of one that is none (`2.6.0-cu124`), the numbers that it begins with."""
    found = public(text)
    numbers = re.match(r"\d+(\.\d+)*", text)
    return found or Version(numbers[0] if numbers else "0")


def within(number: Version, events: Iterable[Event]) -> bool:
    """Whether a version lies between an introduction and what ends it."""
    affected = False
    for kind, text in events:
        at = event_version(text)
        if kind == "introduced" and number >= at:
            affected = True
        elif (kind == "fixed" and number >= at) or (kind == "last_affected" and number > at):
            affected = False
    return affected


def read_book(path: Path = KEPT) -> Book:
    """What is kept. Raises OSError, and ValueError where the file is not one that `rewrite` wrote."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    advisories = tuple(
        Advisory(
            id=entry["id"],
            aliases=tuple(entry["aliases"]),
            package=entry["package"],
            ranges=tuple(tuple((kind, version) for kind, version in events) for events in entry["ranges"]),
            versions=tuple(entry["versions"]),
            summary=entry["summary"],
        )
        for entry in kept["advisories"]
    )
    return Book(date.fromisoformat(kept["date"]), kept["source"], advisories)


def rewrite(source: Path, packages: Iterable[str], *, path: Path = KEPT, origin: str = "", day: date) -> Book:
    """Makes the kept file of OSV records.

    Args:
        source: a folder (with its sub-folders) or zip archive of records, one JSON file each.
        packages: names of those that matter.
        path: the file to write.
        origin: where the records come from; "" for the source's name.
        day: of the records.

    Returns:
        what is kept now.

    Raises:
        ValueError: there is no record on any of these packages, which is no source to trust.
    """
    wanted = {str(canonicalize_name(name)) for name in packages}
    found = {
        (advisory.id, advisory.package): advisory
        for record in read_records(source)
        for advisory in parse(record)
        if advisory.package in wanted
    }
    if not found:
        raise ValueError(f"{source} has no OSV record on any of the {len(wanted)} packages; is it the right one?")
    ordered = [found[key] for key in sorted(found, key=lambda key: (key[1], key[0]))]
    lines = ",\n".join(json.dumps(asdict(advisory), ensure_ascii=False) for advisory in ordered)
    head = json.dumps({"date": day.isoformat(), "source": origin or source.name})
    path.write_text(f'{head[:-1]}, "advisories": [\n{lines}\n]}}\n', encoding="utf-8")
    return read_book(path)


def read_records(source: Path) -> Iterator[Record]:
    """Every record of a folder or zip archive. Raises OSError, zipfile.BadZipFile, and ValueError for bad JSON."""
    if source.is_dir():
        for file in sorted(source.rglob("*.json")):
            yield json.loads(file.read_bytes())
    else:
        with zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))


def parse(record: Record) -> Iterator[Advisory]:
    """The advisories of one OSV record: one for each package of PyPI, none if it was withdrawn."""
    if record.get("withdrawn"):
        return
    summary = record.get("summary") or str(record.get("details", "")).strip().partition("\n")[0]
    summary = summary if len(summary) <= LONGEST else summary[: LONGEST - 2] + " …"
    for affected in record.get("affected", []):
        package = affected.get("package", {})
        if package.get("ecosystem") != "PyPI":
            continue
        ranges = [
            tuple((kind, event[kind]) for event in kept["events"] for kind in KINDS if kind in event)
            for kept in affected.get("ranges", [])
            if kept.get("type") == "ECOSYSTEM"
        ]
        yield Advisory(
            id=record["id"],
            aliases=tuple(sorted(record.get("aliases", []))),
            package=canonicalize_name(package["name"]),
            ranges=tuple(tuple(sorted(events, key=lambda event: event_version(event[1]))) for events in ranges),
            versions=() if ranges else tuple(affected.get("versions", [])),
            summary=" ".join(summary.split()),
        )
