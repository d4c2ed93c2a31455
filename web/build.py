"""Builds the site in both languages: `python web/build.py`. Needs npm for the solver of the playground.

The languages are built at the same time, and take the place of an earlier site only when both are whole.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
DATA = TOP / "docs" / "assets" / "playground" / "data"
LANGUAGES = {"mkdocs.yml": "vi", "mkdocs.en.yml": "en"}


def main() -> int:
    shutil.rmtree(DATA, ignore_errors=True)
    for script in (["web/vendor.py"], ["-m", "cchc.playground", str(DATA), "data"]):
        if code := subprocess.run([sys.executable, *script], cwd=TOP, check=False).returncode:
            return code
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}  # the theme's advertisement for its successor
    (TOP / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TOP / "build") as folder:
        built = {lang: Path(folder, lang) for lang in LANGUAGES.values()}
        mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
        running = [subprocess.Popen([*mkdocs, "--config-file", config, "--site-dir", built[lang]], cwd=TOP, env=environment)
                   for config, lang in LANGUAGES.items()]  # fmt: skip
        codes = [process.wait() for process in running]
        if any(codes):
            return 1
        built["en"].rename(built["vi"] / "en")
        shutil.rmtree(TOP / "site", ignore_errors=True)
        built["vi"].rename(TOP / "site")
    return 0


if __name__ == "__main__":
    sys.exit(main())
