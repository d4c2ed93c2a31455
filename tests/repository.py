"""A small policy repository under git, made of the toy instrument, in which tests commit changes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

COMMAND = Path(sys.executable).with_name("cchc")
TOY = Path(__file__).parent / "toy"
INSTRUMENT = "noi-quy-muon-sach"
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


class Result(NamedTuple):
    code: int
    out: str
    err: str


class Repository:
    """The top of a repository; `edit` changes a file in one place, `commit` makes it a revision."""

    def __init__(self, top: Path) -> None:
        self.top = top
        shutil.copytree(TOY / "policies", top / "policies")
        shutil.copytree(TOY / "data", top / "data" / "thu-vien")
        (top / "tests" / "cases").mkdir(parents=True)
        shutil.copy(TOY / "cases.yaml", top / "tests" / "cases" / "cases.yaml")
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    @property
    def law(self) -> Path:
        return self.top / "policies" / INSTRUMENT

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *IDENTITY, *arguments], cwd=self.top, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")

    def edit(self, path: Path | str, old: str, new: str) -> None:
        file = self.top / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        file.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def reword(self, old: str, new: str) -> None:
        """Change the official text, its quotation and its lock together, as if another text had been promulgated."""
        for name in ("source.vi.txt", "rules.yaml"):
            self.edit(self.law / name, old, new)
        digest = hashlib.sha256((self.law / "source.vi.txt").read_bytes()).hexdigest()
        instrument = self.law / "instrument.yaml"
        lines = [f"  sha256: {digest}" if "sha256:" in line else line for line in instrument.read_text().splitlines()]
        instrument.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")

    def cchc(self, *arguments: str, policies: str = "policies") -> Result:
        """Run the installed command at the top of the repository, on its policies."""
        done = subprocess.run([COMMAND, *arguments, "--policies", policies], cwd=self.top, capture_output=True, check=False)
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())
