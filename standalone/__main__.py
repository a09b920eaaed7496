"""The command line: `python -m standalone`."""

import argparse
import sys
from pathlib import Path

from models.errors import LatentLabError
from standalone.site import write_site


def main() -> None:
    """Writes the site and says how large it is."""
    parser = argparse.ArgumentParser(prog="python -m standalone", description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", type=Path, default=Path("build/static"), help="folder; what it holds is replaced")
    parser.add_argument("--page", default="", help="address of the whole page, which the site links to")
    options = parser.parse_args()
    try:
        size = write_site(options.out, page=options.page)
    except LatentLabError as error:
        sys.exit(str(error))
    print(f"{options.out}: {size / 10**6:.1f} MB. To look at it: python -m http.server --directory {options.out}")


if __name__ == "__main__":
    main()
