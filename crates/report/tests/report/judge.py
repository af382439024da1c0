"""Imports documents into a workspace of compliance-trestle and validates them: `judge.py FOLDER FILE...`.

Each FILE is imported by `trestle import` under its own name, then checked by `trestle validate`. A line for each says
`FILE taken` or `FILE refused`; what trestle says stands on standard error.
"""

import contextlib
import json
import os
import pathlib
import sys

from trestle.cli import Trestle

# The kinds of documents by their only member, as `trestle validate --type` calls them.
KINDS = {
    "catalog": "catalog",
    "component-definition": "component-definition",
    "assessment-results": "assessment-results",
}


def trestle(*arguments: str) -> bool:
    """Runs one command of trestle, and says whether it succeeded."""
    sys.argv = ["trestle", *arguments]
    with contextlib.redirect_stdout(sys.stderr):
        try:
            return Trestle().run() == 0
        except SystemExit as ended:
            return ended.code == 0


def taken(file: pathlib.Path) -> bool:
    """Whether trestle imports a file and finds nothing wrong with it."""
    (kind,) = json.loads(file.read_text(encoding="utf-8"))
    name = file.name.removesuffix(".json")
    if not trestle("import", "--file", str(file), "--output", name):
        return False
    return trestle("validate", "--type", KINDS[kind], "--name", name)


def main() -> None:
    folder, files = sys.argv[1], [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    os.chdir(folder)
    if not trestle("init", "--local"):
        sys.exit("trestle init failed")
    for file in files:
        print(file.name, "taken" if taken(file) else "refused", flush=True)


main()
