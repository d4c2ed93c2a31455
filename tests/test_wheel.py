"""The wheel ships policies and schemas: an installed `cchc` needs no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

TOP = Path(__file__).parents[1]


def test_an_installed_wheel_evaluates_from_any_folder(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(tmp_path), str(TOP)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = [path for folder in ("policies", "schemas") for path in (TOP / folder).rglob("*") if path.is_file()]
    assert tracked
    assert {f"cchc/{path.relative_to(TOP).as_posix()}" for path in tracked} <= names

    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True)
    # The dependencies are those of this environment; only the package itself is under test.
    environment = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib"), "CCHC_CACHE": ""}
    start = "import sys; sys.path.sort(key=lambda path: 'venv' not in path); "
    arguments = ["evaluate", str(TOP / "data" / "thanh-hoa-2024"), "--format", "csv"]
    run = subprocess.run([python, "-c", f"{start}from cchc.cli import main; main({arguments!r})"], cwd=tmp_path,
                         env=environment, capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("predicate,")
    where = subprocess.run([python, "-c", f"{start}import cchc; print(cchc.__file__)"], cwd=tmp_path, env=environment,
                           capture_output=True, text=True, check=True)  # fmt: skip
    assert str(tmp_path) in where.stdout
