"""`python tests/examples.py PAGE…`: write anew what the commands in the pages' ```console blocks print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?<=^```console\n)\$ cchc (.+)\n(?:.*\n)*?(?=```$)", re.M)
_EXCERPT = re.compile(r"^```text\n\$ cchc (.+)\n((?:.*\n)*?)```$", re.M)


def rewritten(page: str) -> str:
    """A page with each block holding its command and what it prints here."""
    return _BLOCK.sub(lambda block: f"$ cchc {block[1]}\n{printed(block[1])}", page)


def printed(command: str, *, check: bool = True) -> str:
    done = subprocess.run([sys.executable, "-m", "cchc", *command.split()], cwd=TOP, capture_output=True, check=check,
                          env={**os.environ, "PYTHONUTF8": "1"})  # fmt: skip
    return done.stdout.decode()


def excerpts(page: str) -> dict[str, str]:
    """The commands of a page that show only a part of their output, each with that part."""
    return dict(_EXCERPT.findall(page))


def shows(output: str, excerpt: str) -> bool:
    """Whether an output holds the pieces of an excerpt (apart by lines of `…`), in their order."""
    place = 0
    for piece in filter(None, re.split(r"^…\n", excerpt, flags=re.M)):
        if (found := output.find(piece, place)) < 0:
            return False
        place = found + len(piece)
    return True


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = TOP / name
        path.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
