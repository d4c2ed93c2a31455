"""Workflows give nobody's code the right to write; each rule is also shown to catch the edit that breaks it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cchc.files import load_yaml

TOP = Path(__file__).parents[1]
WORKFLOWS = sorted((TOP / ".github" / "workflows").iterdir())
BY_NAME = {path.stem: path for path in WORKFLOWS}
PINNED = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}")
RELEASED = re.compile(r"uses: \S+ # v\d+\.\d+\.\d+$")
ONLY_TAKES_FILES = {"actions/download-artifact", "github/codeql-action/upload-sarif"}
ONLY_POSTS = {"actions/download-artifact", "actions/github-script"}
SAME_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository"
RUNS_A_PROGRAM = re.compile(r"child_process|\bexec\b|\beval\b|new Function|\bimport\b|require\((?!'fs'\))")


def steps_of(workflow: Any) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def action(step: dict[str, Any]) -> str:
    return str(step.get("uses", "")).partition("@")[0]


def programs(step: dict[str, Any]) -> list[str]:
    """What a step runs, as text of the workflow."""
    return [text for text in (step.get("run"), step.get("with", {}).get("script")) if text is not None]


def writes(job: dict[str, Any]) -> bool:
    permissions = job.get("permissions")
    return not isinstance(permissions, dict) or not set(permissions.values()) <= {"read", "none"}


def only_hands_over(job: dict[str, Any]) -> bool:
    """Takes files to code scanning, of pull requests from this repository only, and runs nothing of its own."""
    permissions = job.get("permissions")
    return (
        isinstance(permissions, dict)
        and {name for name, value in permissions.items() if value == "write"} == {"security-events"}
        and SAME_REPOSITORY in job.get("if", "")
        and all(action(step) in ONLY_TAKES_FILES and not programs(step) for step in job["steps"])
    )


def violations(path: Path) -> set[str]:
    """The rules that a workflow breaks."""
    workflow = load_yaml(path).data
    jobs, steps, events = workflow["jobs"].values(), list(steps_of(workflow)), set(workflow["on"])
    uses = re.findall(r"^.*\buses:.*$", path.read_text(encoding="utf-8"), re.M)
    run = [program for step in steps for program in programs(step)]
    kept = {
        "an event that gives a fork's code more than it needs": events <= {"push", "pull_request", "workflow_run"},
        "an action that is not pinned to a commit": all(PINNED.fullmatch(step["uses"]) for step in steps if "uses" in step),
        "a pin that does not say its version": all(RELEASED.search(line) for line in uses),
        "permissions for every job": workflow["permissions"] == {},
        "a job without permissions of its own": all("permissions" in job for job in jobs),
        "a secret": "secrets" not in json.dumps(workflow),
        "a machine that is kept": all(job["runs-on"].startswith("ubuntu-") for job in jobs),
        "a job without end": all("timeout-minutes" in job for job in jobs),
        "a token left in the checkout": all(step.get("with", {}).get("persist-credentials") is False for step in steps
                                            if action(step) == "actions/checkout"),
        "a cache": not any("cache" in step.get("with", {}) or "cache" in action(step) for step in steps),
        # What stands in an expression becomes program text: a title or the name of a branch would be run.
        "an expression in a program": not any("${{" in program for program in run),
    }  # fmt: skip
    if "pull_request" in events:
        kept["a job that may write and runs code"] = all(not writes(job) or only_hands_over(job) for job in jobs)
    if "workflow_run" in events:
        kept["a checkout, or a program that is not of this file"] = {action(step) for step in steps} <= ONLY_POSTS
        kept["a command beside files from outside"] = not any("run" in step for step in steps)
        kept["a script that starts programs"] = not any(RUNS_A_PROGRAM.search(program) for program in run)
    return {rule for rule, holds in kept.items() if not holds}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_workflow_gives_code_from_outside_the_right_to_write(path: Path) -> None:
    assert violations(path) == set()


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("review", "  pull_request:\n", "  pull_request_target:\n", "an event that gives a fork's code more than it needs"),
        ("check", "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", "actions/checkout@v7",
         "an action that is not pinned to a commit"),
        ("review", " # v7.0.1", "", "a pin that does not say its version"),
        ("check", "permissions: {}", "permissions: {contents: read}", "permissions for every job"),
        ("review", "    permissions:\n      contents: read\n", "", "a job without permissions of its own"),
        ("review", "${{ github.base_ref }}", "${{ secrets.TOKEN }}", "a secret"),
        ("review", "runs-on: ubuntu-24.04", "runs-on: self-hosted", "a machine that is kept"),
        ("review", "    timeout-minutes: 30\n", "", "a job without end"),
        ("review", "persist-credentials: false", "persist-credentials: true", "a token left in the checkout"),
        ("review", '          python-version: "3.14"\n', '          python-version: "3.14"\n          cache: pip\n', "a cache"),
        ("review", '"origin/$BASE"', '"origin/${{ github.base_ref }}"', "an expression in a program"),
        ("comment", "'<!-- cchc-review -->'", "'${{ github.event.workflow_run.head_branch }}'", "an expression in a program"),
        ("review", "contents: read", "contents: write", "a job that may write and runs code"),
        ("review", "    permissions:\n      contents: read\n", "    permissions: write-all\n",
         "a job that may write and runs code"),
        ("check", f"\n      || {SAME_REPOSITORY}) }}}}", ") }}", "a job that may write and runs code"),
        ("check", "          sarif_file: sarif\n", "          sarif_file: sarif\n      - run: bash sarif/x.sh\n",
         "a job that may write and runs code"),
        ("comment", "      - uses: actions/github-script",
         "      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1\n"
         "        with: {persist-credentials: false}\n      - uses: actions/github-script",
         "a checkout, or a program that is not of this file"),
        ("comment", "      - uses: actions/github-script",
         "      - run: bash comment/x.sh\n      - uses: actions/github-script", "a command beside files from outside"),
        ("comment", "require('fs')", "require('child_process')", "a script that starts programs"),
    ],
)  # fmt: skip
def test_each_rule_catches_the_edit_that_breaks_it(name: str, old: str, new: str, rule: str, tmp_path: Path) -> None:
    text = BY_NAME[name].read_text(encoding="utf-8")
    assert old in text
    edited = tmp_path / "edited.yml"
    edited.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert rule in violations(edited)


def test_a_workflow_says_first_in_vietnamese_why_it_is_as_it_is() -> None:
    for path in WORKFLOWS:
        comment = path.read_text(encoding="utf-8").partition("\nname: ")[0]
        vietnamese, _, english = comment.partition("\n#\n")
        assert vietnamese.startswith("# ") and re.search(r"[ăâđêôơưạ-ỹ]", vietnamese), path.name
        assert english.isascii() and re.search(r"may write|write\s(# )?permission", english), path.name


def test_the_comment_waits_for_a_workflow_that_exists_and_takes_what_it_leaves() -> None:
    comment = load_yaml(BY_NAME["comment"]).data
    (waits_for,) = comment["on"]["workflow_run"]["workflows"]
    review = load_yaml(BY_NAME[waits_for]).data
    assert review["name"] == waits_for
    left = {step["with"]["name"] for step in steps_of(review) if action(step) == "actions/upload-artifact"}
    taken = {step["with"]["name"] for step in steps_of(comment) if action(step) == "actions/download-artifact"}
    assert taken <= left


# ---- The commands of the workflows, with a command that only ends as told in the place of cchc -----------------


def run_step(name: str, title: str, folder: Path, cchc: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (step,) = (step for step in steps_of(load_yaml(BY_NAME[name]).data) if step.get("name") == title)
    installed = folder / ".venv" / "bin" / "cchc"
    installed.parent.mkdir(parents=True, exist_ok=True)
    installed.write_text(f"#!/bin/sh\n{cchc}\n", encoding="utf-8")
    installed.chmod(0o755)
    return subprocess.run(["bash", "-e", "-c", step["run"]], cwd=folder, env={**os.environ, **environment},
                          capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="the workflows run on Linux")
@pytest.mark.parametrize(
    ("lint", "verify", "code", "files"),
    [("echo {}; exit 0", "echo {}; exit 0", 0, {"lint.sarif", "verify.sarif"}),
     ("echo {}; exit 1", "echo {}; exit 1", 0, {"lint.sarif", "verify.sarif"}),
     ("exit 2", "echo {}; exit 1", 1, {"verify.sarif"}), ("echo {}; exit 3", "exit 3", 1, {"lint.sarif"})],
)  # fmt: skip
def test_findings_are_sent_and_failures_are_not_hidden(
    lint: str, verify: str, code: int, files: set[str], tmp_path: Path
) -> None:
    run = run_step("check", "SARIF", tmp_path, f"case $1 in lint) {lint};; verify) {verify};; esac")
    assert run.returncode == code, run.stderr
    assert {path.name for path in (tmp_path / "sarif").iterdir()} == files


@pytest.mark.skipif(os.name == "nt", reason="the workflows run on Linux")
@pytest.mark.parametrize(("code", "passes", "told"), [(0, True, False), (1, True, True), (2, False, False), (3, False, False)])
def test_a_review_that_needs_a_person_is_told_and_passes(code: int, passes: bool, told: bool, tmp_path: Path) -> None:
    run = run_step("review", "cchc review", tmp_path, f'echo "$@"; exit {code}', BASE="main; touch x")
    assert run.stdout.startswith("review origin/main; touch x --output review\n")
    assert not (tmp_path / "x").exists()
    assert (run.returncode == 0, "::warning" in run.stdout) == (passes, told)


@pytest.mark.skipif(os.name == "nt", reason="the workflows run on Linux")
def test_sizes_are_bounded_and_the_number_is_kept_without_a_review(tmp_path: Path) -> None:
    title, environment = (
        "Giới hạn kích thước / bound the sizes",
        {"NUMBER": "7", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")},
    )
    assert run_step("review", title, tmp_path, "", **environment).returncode == 0
    assert {path.name: path.read_text() for path in (tmp_path / "comment").iterdir()} == {"number": "7"}
    (tmp_path / "review" / "review.md").write_text("a" * 2_000_000)
    (tmp_path / "review" / "review.html").write_text("a" * 12_000_000)
    assert run_step("review", title, tmp_path, "", **environment).returncode == 0
    assert (tmp_path / "comment" / "review.md").stat().st_size == (tmp_path / "summary").stat().st_size == 1_000_000
    assert [path.name for path in (tmp_path / "review").iterdir()] == ["review.md"]


# ---- The script that comments, with a code host that only writes down what it is asked -------------------------

HOST = """
const {folder, pull, comments, run} = JSON.parse(process.argv[1])
process.env.FOLDER = folder
const calls = []
const note = kind => text => { calls.push([kind, text]) }
const core = {setFailed: note('failed'), notice: note('notice')}
const context = {repo: {owner: 'o', repo: 'r'}, payload: {workflow_run: run}}
const issues = {listComments: 'list', createComment: async asked => calls.push(['create', asked]),
                updateComment: async asked => calls.push(['update', asked])}
const pulls = {get: async ({pull_number}) => {
  if (pull_number !== pull.number) throw new Error('404')
  return {data: pull}
}}
const github = {rest: {issues, pulls}, paginate: async () => comments}
const script = new (async () => {}).constructor('github', 'context', 'core', 'require', process.argv[2])
script(github, context, core, require).then(() => console.log(JSON.stringify(calls)))
"""
SHA = "0123456789abcdef0123456789abcdef01234567"
MARKER = "<!-- cchc-review -->"
BOT = "github-actions[bot]"
with_node = pytest.mark.skipif(shutil.which("node") is None, reason="no node")


def commented(tmp_path: Path, files: dict[str, str], comments: list[dict[str, Any]] | None = None, *, repository: int = 5,
              branch: str = "b", sha: str = SHA, conclusion: str = "success") -> list[tuple[str, Any]]:  # fmt: skip
    """What the script asks of the code host, where pull request 7 is at commit SHA of branch b in repository 5."""
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = {"head_sha": sha, "head_branch": branch, "head_repository": {"id": repository}, "conclusion": conclusion,
           "html_url": "https://example.org/run"}  # fmt: skip
    pull = {"number": 7, "head": {"sha": SHA, "ref": "b", "repo": {"id": 5}}}
    told = json.dumps({"folder": str(tmp_path), "pull": pull, "comments": comments or [], "run": run})
    (script,) = (step["with"]["script"] for step in steps_of(load_yaml(BY_NAME["comment"]).data) if "script" in step["with"])
    done = subprocess.run(["node", "-e", textwrap.dedent(HOST), told, script],
                          capture_output=True, text=True, encoding="utf-8", check=True)  # fmt: skip
    return [(kind, asked) for kind, asked in json.loads(done.stdout)]


def comment(user: str, number: int) -> dict[str, Any]:
    return {"id": number, "user": {"login": user}, "body": f"{MARKER}\n\nold"}


@with_node
def test_a_review_is_posted_under_its_marker(tmp_path: Path) -> None:
    ((kind, asked),) = commented(tmp_path, {"number": "7", "review.md": "# Kết quả\n"})
    assert (kind, asked["issue_number"]) == ("create", 7)
    assert asked["body"].startswith(f"{MARKER}\n\nTính tại [0123456789ab](https://example.org/run)")
    assert asked["body"].endswith("\n\n# Kết quả\n")


@with_node
def test_only_its_own_comment_is_replaced(tmp_path: Path) -> None:
    review = {"number": "7", "review.md": "new"}
    quoting = {"id": 4, "user": {"login": BOT}, "body": f"> {MARKER}"}
    ((kind, asked),) = commented(tmp_path, review, [comment("someone", 3), quoting, comment(BOT, 9)])
    assert (kind, asked["comment_id"]) == ("update", 9)
    assert [kind for kind, _ in commented(tmp_path, review, [comment("someone", 3), quoting])] == ["create"]


@with_node
@pytest.mark.parametrize("number", ["", "7\n", "+7", "07", "7; x", "../7", "７", "12345678901", "1" * 30])
def test_what_is_not_a_number_is_refused(number: str, tmp_path: Path) -> None:
    assert [kind for kind, _ in commented(tmp_path, {"number": number, "review.md": "x"})] == ["failed"]


@with_node
@pytest.mark.parametrize("other", [{"sha": "f" * 40}, {"branch": "main"}, {"repository": 6}])
def test_nothing_is_posted_to_a_pull_request_whose_code_did_not_run(other: dict[str, Any], tmp_path: Path) -> None:
    assert [kind for kind, _ in commented(tmp_path, {"number": "7", "review.md": "x"}, **other)] == ["notice"]


@with_node
def test_a_long_review_is_cut_at_a_line_and_says_so_above(tmp_path: Path) -> None:
    ((_, asked),) = commented(tmp_path, {"number": "7", "review.md": "```\n" + "Điều 17 😀\n" * 20_000})
    assert 64_900 < len(asked["body"].encode("utf-16-le")) / 2 <= 65_000
    assert asked["body"].endswith("\nĐiều 17 😀")
    assert "Đã cắt bớt" in asked["body"].partition("```")[0]
    ((_, whole),) = commented(tmp_path, {"number": "7", "review.md": "a" * 64_000})
    assert "Đã cắt bớt" not in whole["body"]


@with_node
def test_a_review_that_failed_does_not_leave_the_old_one_standing(tmp_path: Path) -> None:
    ((kind, asked),) = commented(tmp_path, {"number": "7"}, [comment(BOT, 9)], conclusion="failure")
    assert (kind, "Không tính được" in asked["body"]) == ("update", True)


@with_node
def test_a_text_from_outside_calls_nobody(tmp_path: Path) -> None:
    ((_, asked),) = commented(tmp_path, {"number": "7", "review.md": "@everyone @o/team a@b.c\n%@ 17.1.a\n"})
    assert not re.search(r"@\w", asked["body"])
    assert "%@ 17.1.a" in asked["body"]


@with_node
@pytest.mark.skipif(os.name == "nt", reason="the workflows run on Linux")
def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret")
    (tmp_path / "review.md").symlink_to(tmp_path / "token")
    ((_, asked),) = commented(tmp_path, {"number": "7"})
    assert "secret" not in asked["body"]


# ---- What people fill in --------------------------------------------------------------------------------------


def test_pull_requests_and_changes_have_the_same_three_lines() -> None:
    keys = re.compile(r"^- \*\*(Hiệu lực từ / .+|Điều khoản / .+|Kết quả thay đổi / .+):\*\*", re.M)
    asked = keys.findall((TOP / ".github" / "pull_request_template.md").read_text(encoding="utf-8"))
    assert asked == ["Hiệu lực từ / effective from", "Điều khoản / provisions touched", "Kết quả thay đổi / verdicts changed"]
    entries = (TOP / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert entries
    assert all(keys.findall(entry) == asked for entry in entries)


def test_owned_paths_exist() -> None:
    lines = (TOP / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    owned = [line.split() for line in lines if line and not line.startswith("#")]
    for path, *owners in owned:
        found = TOP / path.removeprefix("/")
        assert path.startswith("/") and (found.is_dir() if path.endswith("/") else found.is_file()), path
        assert owners and all(re.fullmatch(r"@[a-z-]+(/[a-z-]+)?", owner) for owner in owners), path
    assert {"/policies/", "/schemas/", "/solver/", "/data/"} <= {path for path, *_ in owned}
    # The last line that fits decides: a folder inside another one must come after it.
    order = [path for path, *_ in owned]
    assert all(not later.startswith(path) or order.index(later) > order.index(path) for path in order for later in order
               if later != path)  # fmt: skip
