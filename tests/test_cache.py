"""The cache only ever saves time: a changed file, a damaged entry or no folder at all give the same answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cchc.cache import folder, remembered


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCHC_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_unchanged_files_are_made_once_and_changed_files_again(home: Path, tmp_path: Path) -> None:
    source = tmp_path / "source.txt"
    made: list[str] = []

    def make() -> str:
        made.append(source.read_text())
        return made[-1]

    source.write_text("one")
    assert [remembered("kind", [source], make) for _ in range(2)] == ["one", "one"]
    source.write_text("two")
    assert remembered("kind", [source], make) == "two"
    assert made == ["one", "two"]
    assert len(list(home.glob("kind-*.pickle"))) == 2


def test_a_damaged_entry_is_made_anew(home: Path, tmp_path: Path) -> None:
    assert remembered("kind", [], lambda: 1) == 1
    for entry in home.iterdir():
        entry.write_bytes(b"damaged")
    assert remembered("kind", [], lambda: 2) == 2


def test_a_failure_is_not_kept(home: Path) -> None:
    def fail() -> int:
        raise ValueError

    with pytest.raises(ValueError):
        remembered("kind", [], fail)
    assert remembered("kind", [], lambda: 3) == 3


def test_without_a_folder_everything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CCHC_CACHE", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert folder() is None
    assert [remembered("kind", [], lambda: value) for value in (1, 2)] == [1, 2]  # noqa: B023
