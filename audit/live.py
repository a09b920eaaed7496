"""The same question put to osv.dev, where there is a network."""

import json
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from audit.advisories import Advisory, Record, parse

OSV = "https://api.osv.dev"
TIMEOUT = 10.0  # seconds of silence
MOST = 1000  # packages in one question, OSV's own limit


def ask(pairs: list[tuple[str, str]], *, address: str = OSV) -> dict[tuple[str, str], list[Advisory]] | None:
    """Today's advisories on versions of packages, (name, version); None where osv.dev is out of reach.

    Raises ValueError where it answers something else than it should.
    """
    found: dict[tuple[str, str], list[Advisory]] = {}
    try:
        for begin in range(0, len(pairs), MOST):
            part = pairs[begin : begin + MOST]
            queries = [
                {"package": {"name": name, "ecosystem": "PyPI"}, "version": version.partition("+")[0]}
                for name, version in part
            ]
            answers = fetch(f"{address}/v1/querybatch", {"queries": queries})["results"]
            for pair, answer in zip(part, answers, strict=True):
                records = [fetch(f"{address}/v1/vulns/{vuln['id']}") for vuln in answer.get("vulns", [])]
                advisories = [advisory for record in records for advisory in parse(record)]
                found[pair] = [a for a in advisories if a.package == pair[0] and a.affects(pair[1])]
    except urllib.error.HTTPError:
        raise ValueError("osv.dev refuses the question; see https://google.github.io/osv.dev/api/") from None
    except OSError:
        return None
    return found


def fetch(address: str, body: Record | None = None) -> Record:
    """A JSON answer. Raises OSError, and ValueError for anything else."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        found: Record = json.load(answer)
    return found


def download(address: str) -> Path:
    """A file on the web, in a temporary folder. Raises OSError."""
    path = Path(tempfile.mkdtemp(prefix="advisories-")) / "all.zip"
    with urllib.request.urlopen(address, timeout=TIMEOUT) as answer, path.open("wb") as file:
        while part := answer.read(2**20):
            file.write(part)
    return path
