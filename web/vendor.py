"""Puts what the playground ships of other projects beside it: `python web/vendor.py`. Needs npm.

Packages come by `web/package-lock.json`, without running their scripts; every file is checked against its hash. Nothing of
this is committed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
INTO = HERE.parent / "docs" / "assets" / "playground" / "clingo"
FILES = {
    "clingo-wasm/dist/clingo.js": "81a91f26b224594a563fb950029386c1aa6f9b93cfafd0eb1f9772974f37e3e7",
    "clingo-wasm/dist/clingo.wasm": "dbda5b75289dd891d6af8d97de841654ed1fdaa2eeaf255c9f454292b383822c",
    "clingo-wasm/LICENSE": "fd333126ea18cfe32294cdea2330933e65cc2e58816292468375b7738cb3f0cb",
}
"""Files of `web/node_modules` that are shipped, with their sha256."""
NO_NPM = "cần npm để dựng trang thử; cài Node.js / npm is needed to build the playground; install Node.js"
CHANGED = "{}: mã băm khác bản đã kiểm tra; xóa web/node_modules rồi chạy lại / not the file that was reviewed: {}"


def install() -> None:
    """`npm ci`, unless the packages of the lock file are there already."""
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = HERE / "node_modules" / "lock.sha256"
    digest = hashlib.sha256(lock).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(NO_NPM)
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([npm, *options], cwd=HERE, check=True, stdout=subprocess.DEVNULL)
    stamp.write_text(digest)


def main() -> int:
    install()
    INTO.mkdir(parents=True, exist_ok=True)
    for name, expected in FILES.items():
        content = (HERE / "node_modules" / name).read_bytes()
        if (found := hashlib.sha256(content).hexdigest()) != expected:
            sys.exit(CHANGED.format(name, found))
        (INTO / Path(name).name).write_bytes(content)
    shutil.copy(HERE / "NOTICE.clingo.txt", INTO / "NOTICE.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
