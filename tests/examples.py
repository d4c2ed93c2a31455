"""`python tests/examples.py PAGE…`: write anew what the commands in the pages' ```console blocks print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?<=^```console\n)\$ cchc (.+)\n(?:.*\n)*?(?=```$)", re.M)


def rewritten(page: str) -> str:
    """A page with each block holding its command and what it prints here."""
    return _BLOCK.sub(lambda block: f"$ cchc {block[1]}\n{printed(block[1])}", page)


def printed(command: str) -> str:
    done = subprocess.run([sys.executable, "-m", "cchc", *command.split()], cwd=TOP, capture_output=True, check=True,
                          env={**os.environ, "PYTHONUTF8": "1"})  # fmt: skip
    return done.stdout.decode()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = TOP / name
        path.write_text(rewritten(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
