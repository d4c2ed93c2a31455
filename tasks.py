"""Set up and run the project's tasks with nothing but Python 3.11+: `python tasks.py demo`, `python tasks.py test`.

The Makefile calls this file; on Windows use `py tasks.py demo` and `py tasks.py test`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parent
VENV = TOP / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / ("python.exe" if os.name == "nt" else "python"))
CASES = [str(path.relative_to(TOP)) for path in sorted((TOP / "tests" / "cases").glob("*.yaml"))]
CCHC = ["-m", "cchc"]
DEMO = (
    ("1. Tỉnh minh họa, năm 2023: xếp loại, giải trình, xử lý", ["evaluate", "data/thai-binh-minh-hoa", "--year", "2023"]),
    ("2. Thanh Hóa 2024: chỉ công bố Chỉ số, nên kết quả còn để ngỏ", ["evaluate", "data/thanh-hoa-2024"]),
    ("3. PAPI Thái Bình 2024: ai phải giải trình nội dung nào",
     ["evaluate", "data/thai-binh-papi", "--year", "2024", "--verdict", "must_explain"]),
    ("4. Một chứng minh đầy đủ (số liệu minh họa)",
     ["explain", "data/thai-binh-minh-hoa", "--year", "2023", "--unit", "so-y-te", "--verdict", "class"]),
)  # fmt: skip
TASKS = {
    "test": [["-m", "pytest", "--numprocesses", "auto"], [*CCHC, "test", "--coverage", *CASES], [*CCHC, "verify"]],
    "lint": [["-m", "ruff", "check", "solver", "tests", "web", "tasks.py"], [*CCHC, "lint"]],
    "types": [["-m", "mypy"]],
    "docs": [["web/build.py"]],
    "browser": [["-m", "pytest", "tests/browser", "--numprocesses", "auto", "--dist", "loadgroup"]],
    "serve": [["-m", "http.server", "--bind", "127.0.0.1", "--directory", "site", "8000"]],
    "bench": [["tests/bench.py"]],
    "mutants": [["tests/mutants.py"]],
    "readme": [["-m", "cchc.inventory", "README.md"],
               ["-m", "cchc.framework_page", "docs/index-frameworks.md", "docs/en/index-frameworks.md"],
               ["tests/examples.py", *(f"{docs}/{page}.md" for docs in ("docs", "docs/en")
                                       for page in ("certain-or-possible", "propose-an-amendment"))]],
}


def set_up() -> None:
    """A virtual environment with exactly what requirements.lock names, by hash; done again when a pin changes."""
    pins = hashlib.sha256((TOP / "requirements.lock").read_bytes() + (TOP / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / "pins.sha256"
    if stamp.is_file() and stamp.read_text() == pins:
        return
    print("cài đặt vào .venv / setting up .venv …", file=sys.stderr, flush=True)
    venv.create(VENV, with_pip=True, clear=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", "requirements.lock"], cwd=TOP, check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], cwd=TOP, check=True)
    # A checkout is not compiled by pip, and some systems never write compiled modules on their own.
    subprocess.run([PYTHON, "-m", "compileall", "-q", "solver"], cwd=TOP, check=True)
    stamp.write_text(pins)


def main(names: list[str]) -> int:
    if not names or any(name not in {*TASKS, "demo"} for name in names):
        print(f"python tasks.py [{' | '.join(['demo', *TASKS])}] …", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - the very thing that must be told
        print("cần Python 3.11 trở lên / Python 3.11 or later is needed", file=sys.stderr)
        return 2
    try:
        set_up()
    except subprocess.CalledProcessError as error:
        print(f"cài đặt không xong / setting up failed: {error}", file=sys.stderr)
        return 1
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"}
    for name in names:
        steps = TASKS.get(name) or [[*CCHC, *arguments] for _, arguments in DEMO]
        for index, step in enumerate(steps):
            if name == "demo":
                print(f"\n=== {DEMO[index][0]}\n$ cchc {' '.join(step[2:])}\n", flush=True)
            if code := subprocess.run([PYTHON, *step], cwd=TOP, env=environment, check=False).returncode:
                return code
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
