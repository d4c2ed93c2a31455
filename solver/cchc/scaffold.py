"""`cchc new`: the files that a change needs, named and linked to each other, with what a person has to write in brackets.

A scaffold is tried out on a copy of the policies before anything is written: it must load, and what `cchc lint` still has
to say about it is told. Files that exist keep every byte besides what is inserted. Amendments are in `drafting.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cchc.files import Document, load_yaml, read_text, write_together
from cchc.policy import Policy, Provision
from cchc.problems import Invalid, Location, Problem, display_path, invalid, listed, nearest
from cchc.rules import below
from cchc.schema import load_valid, resource
from cchc.vocabulary import Argument, Predicate, Vocabulary
from cchc.yaml_writer import block, scalar

Words = tuple[str, str]
"""Vietnamese, English."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_PREDICATE = r"[a-z][a-z0-9_]*"
_VALUE = r"[a-z][a-z0-9_]*|0|[1-9][0-9]*"
NEVER = "1 < 0"
"""A condition that no rule meets: it keeps an unfinished rule from changing a verdict."""


class Scaffold(NamedTuple):
    """Whole files by path, and what is left for a person to do; `drafts` are those that the change is made in."""

    texts: Mapping[Path, str]
    steps: Sequence[Words]
    drafts: tuple[str, ...] = ()
    instrument: str | None = None


def root_of(given: Path | None) -> Path:
    """The policies folder to write into: the one named, that of the working folder, else that of the checkout; never one
    inside an installed package. Raises Invalid."""
    here = Path.cwd() / "policies"
    if given is None and (here / "vocabulary.yaml").is_file():
        return here
    root = given if given is not None else resource("policies")
    if not (root / "vocabulary.yaml").is_file() or (given is None and root.parent == Path(__file__).parent):
        raise invalid(Location("--policies"), "no-policies", found=display_path(root))
    return root


def deliver(root: Path, scaffold: Scaffold) -> list[Problem]:
    """Writes the files of a scaffold, all or none; gives what lint still says. Raises Invalid, and writes nothing, for one
    that does not load."""
    found = _tried(root, scaffold) if any(map(_inside(root), scaffold.texts)) else []
    write_together(scaffold.texts)
    return found


def _inside(root: Path) -> Callable[[Path], bool]:
    return lambda path: path.resolve().is_relative_to(root.resolve())


def _tried(root: Path, scaffold: Scaffold) -> list[Problem]:
    from shutil import copytree
    from tempfile import TemporaryDirectory

    from cchc.lint import findings

    with TemporaryDirectory() as name:
        copy = Path(name).resolve() / "policies"

        def placed(problems: Iterable[Problem]) -> list[Problem]:
            shown, real = display_path(copy), display_path(root)
            return [problem._replace(at=problem.at._replace(path=problem.at.path.replace(shown, real, 1)))
                    for problem in problems]  # fmt: skip

        try:
            copytree(root, copy)
            write_together({copy / path.resolve().relative_to(root.resolve()): text for path, text in scaffold.texts.items()
                            if _inside(root)(path)})  # fmt: skip
            # Lint tells of a draft that does not load and goes on; a scaffold must load.
            assert Policy.load(copy, scaffold.instrument, None, scaffold.drafts).rules is not None
            return placed(findings(Policy.load(copy, scaffold.instrument)))
        except Invalid as error:
            raise Invalid(placed(error.problems)) from error
        except OSError as error:
            raise invalid(Location(display_path(root)), "not-writable", found=error.strerror) from error


# ---- Pieces -----------------------------------------------------------------------------------------


def provision_of(policy: Policy, name: str, option: str) -> Provision:
    if name not in policy.provisions:
        raise invalid(Location(option), "unknown-provision", found=name, hint=nearest(name, policy.provisions))
    return policy.provisions[name]


def shaped(found: str, pattern: str, option: str) -> None:
    if not re.fullmatch(pattern, found):
        raise invalid(Location(option), "wrong-shape", found=found, allowed=pattern)


def taken(found: str, at: Location, option: str) -> Invalid:
    return invalid(Location(option), "taken", found=found, place=at)


def raw(path: Path) -> str:
    """A file with its own line breaks."""
    read_text(path)  # tells what is wrong with it
    return path.read_bytes().decode("utf-8")


def inserted(text: str, after: int, addition: str) -> str:
    """Lines put behind the first `after` lines of a text, in its own kind of line break."""
    lines = _LINE.findall(text)
    end = "\r\n" if "\r\n" in text else "\n"
    before, behind = "".join(lines[:after]), "".join(lines[after:])
    if before and not before.endswith(("\n", "\r")):
        before += end
    return before + addition.replace("\n", end) + behind


def end_of(document: Document, text: str, key: str) -> int:
    """The last line of what stands under a top-level key, without the empty lines and comments that follow."""
    begins = document.keys[(key,)].line
    others = [at.line for path, at in document.keys.items() if len(path) == 1 and at.line > begins]
    lines = _LINE.findall(text)
    last = min(others, default=len(lines) + 1) - 1
    while last > begins and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    return last


def article_files(policy: Policy) -> dict[str, Path]:
    """The article files of a policy, by the path that places in them show."""
    base = [policy.folder / f"{article}.yaml" for article in policy.instrument["articles"]]
    return {display_path(path): path for path in [*base, *(path for one in policy.amendments for path in one.files)]}


# ---- A rule -----------------------------------------------------------------------------------------


def new_rule(policy: Policy, provision: str, predicate: str, kind: str, arguments: str | None) -> Scaffold:
    """A rule for a predicate under the citation of a provision; the predicate is declared if it is not yet."""
    cited = provision_of(policy, provision, "PROVISION")
    shaped(predicate, _PREDICATE, "PREDICATE")
    texts: dict[Path, str] = {}
    steps: list[Words] = []
    declared = policy.vocabulary.predicates.get(predicate)
    if declared is None:
        taken_arguments = _arguments(policy.vocabulary, arguments)
        path = policy.root / "vocabulary.yaml"
        text = raw(path)
        last = end_of(load_yaml(path), text, "predicates")
        texts[path] = inserted(text, last, _declaration(predicate, kind, taken_arguments))
        steps.append((f"viết cách đọc của {predicate} (vi, en) trong {display_path(path)}, sửa args nếu cần",
                      f"write how {predicate} is read (vi, en) in {display_path(path)}, correct args if needed"))  # fmt: skip
        declared = Predicate(predicate, kind, taken_arguments, {}, (), {}, cited.at)
    elif arguments is not None:
        raise taken(predicate, declared.at, "--args")
    elif declared.kind in {"input", "policy"}:
        raise invalid(Location("PREDICATE"), "underivable", found=predicate, kind=declared.kind)
    article = article_files(policy)[cited.at.path]
    path = article.with_suffix(".lp")
    comment = f"% [Người soạn viết: quy tắc này nói gì. Thay {NEVER} bằng các điều kiện mà điều khoản đặt ra.]\n"
    rule = f"{comment}%@ {provision}\n{_rule(policy, declared)}\n"
    if path.is_file():
        text = raw(path)
        there = [one for one in policy.rules if one.at.path == display_path(path)]
        near = [one for one in there if provision in one.citations] or there
        last = max((one.at.line + one.text.count("\n") for one in near), default=len(_LINE.findall(text)))
        texts[path] = inserted(text, last, f"\n{rule}")
    else:
        above = [line.text for line in policy.text if line.document.path == cited.at.path and not line.id]
        title = next((text for text in above if re.match(r"Điều \d", text)), provision)
        texts[path] = f"% {title}\n\n{rule}"
    steps.append((f"viết điều kiện của quy tắc trong {display_path(path)} thay cho {NEVER} (còn nó thì quy tắc chưa áp dụng)",
                  f"write the conditions of the rule in {display_path(path)} instead of {NEVER} (with it, it never applies)"))
    if cited.reason:
        steps.append((f"xóa `reason` của {provision} trong {display_path(article)}: điều khoản nay đã có quy tắc",
                      f"drop `reason` of {provision} in {display_path(article)}: the provision has a rule now"))  # fmt: skip
    steps += [("thêm ca: cchc new case tests/cases/TỆP.yaml --id MÃ --year NĂM",
               "add a case: cchc new case tests/cases/FILE.yaml --id ID --year Y"),
              ("viết lại bảng điều khoản của README.md: make readme", "write the table of README.md anew: make readme")]
    return Scaffold(texts, steps, policy.drafts, policy.instrument["id"])


def _arguments(vocabulary: Vocabulary, given: str | None) -> tuple[Argument, ...]:
    """The arguments asked for (`unit:unit,year:year`); by default those that most verdicts have."""
    if given is None:
        verdicts = vocabulary.of_kind("verdict").values()
        times = Counter((one.name, one.type.name) for verdict in verdicts for one in verdict.arguments)
        usual = [pair for pair, count in times.items() if 2 * count > len(verdicts)]
        pairs = usual or [(one.name, one.type.name) for verdict in list(verdicts)[:1] for one in verdict.arguments]
    else:
        for pair in given.split(","):
            shaped(pair, f"{_PREDICATE}:{_PREDICATE}", "--args")
        pairs = [(name, type_) for name, _, type_ in (pair.partition(":") for pair in given.split(","))]
    for name, type_ in pairs:
        if type_ not in vocabulary.types:
            raise invalid(Location("--args"), "not-allowed", found=type_, hint=nearest(type_, vocabulary.types),
                          allowed=listed(vocabulary.types, 40))  # fmt: skip
        if [other for other, _ in pairs].count(name) > 1:
            raise invalid(Location("--args"), "taken", found=name, place="--args")
    return tuple(Argument(name, vocabulary.types[type_]) for name, type_ in pairs)


def _declaration(predicate: str, kind: str, arguments: Sequence[Argument]) -> str:
    blanks = ", ".join(f"{{{argument.name}}}" for argument in arguments)
    entry: dict[str, object] = {"kind": kind}
    if kind == "verdict":
        entry["title"] = {"vi": "[Người soạn viết: tên nhóm kết quả]", "en": "[To write: the title of these verdicts]"}
    entry |= {"args": {argument.name: argument.type.name for argument in arguments},
              "vi": f"[Người soạn viết một câu về {blanks}]", "en": f"[To write: a sentence on {blanks}]"}  # fmt: skip
    return block({predicate: entry}, 2)


def _rule(policy: Policy, head: Predicate) -> str:
    """A rule that is safe and never fires, from predicates that do not depend on its head."""
    letters: dict[str, str] = {}
    for argument in head.arguments:
        letter = argument.name[0].upper()
        same = sum(1 for other in letters.values() if other[0] == letter)
        letters[argument.name] = letter + (str(same + 1) if same else "")
    body: list[str] = []
    needed = {(argument.name, argument.type.name) for argument in head.arguments}
    used = Counter(atom.name for rule in policy.rules for atom in rule.atoms if atom.role == "positive")
    known = policy.vocabulary.predicates
    candidates = [one for name, one in known.items()
                  if used[name] and one.kind not in {"policy", "verdict"} and name != head.name
                  and not any(rule.head is not None and rule.head.name == head.name for rule in below(policy.rules, [name]))]

    def gain(one: Predicate) -> tuple[int, int, int]:
        covers = sum((argument.name, argument.type.name) in needed for argument in one.arguments)
        return covers, covers - len(one.arguments), used[one.name]

    while needed:

        best = max(candidates, key=gain, default=None)
        if best is None or not gain(best)[0]:  # nothing binds it: any value that the type lists, or the predicate itself
            body.append(f"{head.name}({','.join(letters.values())})")
            break
        terms = [letters[argument.name] if (argument.name, argument.type.name) in needed else "_"
                 for argument in best.arguments]  # fmt: skip
        body.append(f"{best.name}({','.join(terms)})")
        needed = needed - {(argument.name, argument.type.name) for argument in best.arguments}
    arguments = f"({','.join(letters.values())})" if letters else ""
    return f"{head.name}{arguments} :- {', '.join([*body, NEVER])}."


# ---- A reading --------------------------------------------------------------------------------------


def new_reading(policy: Policy, name: str, provisions: Sequence[str], values: Sequence[str]) -> Scaffold:
    """A named ambiguity, in the instrument or the draft that has the first of its provisions."""
    shaped(name, _PREDICATE, "ID")
    if name in policy.readings:
        raise taken(name, policy.readings[name].at, "ID")
    named = [provision_of(policy, provision, "--provision") for provision in provisions]
    for value in values:
        shaped(value, _VALUE, "--values")
    if len(set(values)) < max(2, len(values)):
        raise invalid(Location("--values"), "too-few-values", found=", ".join(values))
    path = article_files(policy)[named[0].at.path].with_name("readings.yaml")

    def to_write(vi: str, en: str) -> dict[str, str]:
        return {"vi": f"[Người soạn viết: {vi}]", "en": f"[To write: {en}]"}

    entry = {
        "id": name, "provisions": list(provisions), "question": to_write("câu hỏi", "the question"),
        "values": {value: to_write(f"hiểu theo {value} thì thế nào", f"what {value} means") for value in values},
        "default": values[0], "literal": values[0],
        "reason": to_write("vì sao mặc định như vậy", "why this is the default"),
        "example": to_write("một ví dụ, kết quả theo từng giá trị", "an example, the result under each value"),
        "decided_by": None, "decided_on": None, "source_document": None,
    }  # fmt: skip
    addition = block([entry], 2)
    if path.is_file():
        text = raw(path)
        text = inserted(text, end_of(load_yaml(path), text, "readings"), addition)
    else:
        text = f"{_schema_line('readings', path, policy.root)}readings:\n{addition}"
    shown, first = display_path(path), values[0]
    return Scaffold({path: text}, [
        (f"viết câu hỏi, ý nghĩa từng giá trị, lý do, ví dụ trong {shown}; sửa literal nếu câu chữ không phải {first}",
         f"write the question, what each value means, the reason, an example in {shown}; correct literal if it is not {first}"),
        (f"thêm điều kiện reading({name},{first}), reading({name},…) vào các quy tắc mà cách hiểu này quyết định",
         f"add the conditions reading({name},{first}), reading({name},…) to the rules that it decides"),
        (f"thêm ca cho từng giá trị (under: {{readings: {{{name}: …}}}}): tests/cases/",
         f"add a case for each value (under: {{readings: {{{name}: …}}}}): tests/cases/"),
    ], policy.drafts, policy.instrument["id"])  # fmt: skip


def _schema_line(schema: str, path: Path, root: Path) -> str:
    up = "../" * len(path.resolve().relative_to(root.resolve().parent).parent.parts)
    return f"# yaml-language-server: $schema={up}schemas/{schema}.schema.json\n"


# ---- A case -----------------------------------------------------------------------------------------


def new_case(policy: Policy, path: Path, name: str, year: str, drafts: Sequence[str]) -> Scaffold:
    """A case without rows yet, behind those of a file or in a new one."""
    shaped(name, r"\S(?:.*\S)?", "--id")
    shaped(year, r"[0-9]{4}", "--year")
    shaped(path.name, r".+\.ya?ml", "FILE")
    if not path.parent.is_dir():
        raise invalid(Location(display_path(path.parent)), "no-file")
    case = skeleton(policy.vocabulary, name, year, drafts)
    if path.exists():
        text = raw(path)
        document = load_valid(path, "cases", text_only=True, nfc=True)
        for index, other in enumerate(document.data):
            if other["case"] == name:
                raise taken(name, document.at((index, "case")), "--id")
        text = inserted(text, len(_LINE.findall(text)), "\n" + case)
    else:
        text = f"# cchc test {display_path(path)}\n\n{case}"
    shown = display_path(path)
    return Scaffold({path: text}, [
        (f"viết tên ca, các bảng (given) và kết quả mong đợi (expect) trong {shown}",
         f"write the title, the tables (given) and the verdicts expected (expect) in {shown}"),
        (f"cchc test {shown}", f"cchc test {shown}"),
    ])  # fmt: skip


def skeleton(vocabulary: Vocabulary, name: str, year: str, drafts: Sequence[str]) -> str:
    """A case that gives and expects nothing yet; what it can give and expect is in comments."""

    def row(predicate: Predicate) -> str:
        return ", ".join(f"{one.name}{'?' if one.optional or one.default else ''}: …" for one in predicate.columns)

    def asked(predicate: Predicate) -> str:
        return ", ".join(f"{one.name}: …" for one in predicate.arguments if one.type.name != "year")

    under = ", ".join(["profile: default", *(f"with: {draft}" for draft in drafts)])
    tables = [f"    # {table}: [{{{row(one)}}}]\n" for table, one in vocabulary.tables().items()]
    verdicts = [f"    #   {verdict}: [{{{asked(one)}}}]\n" for verdict, one in vocabulary.of_kind("verdict").items()]
    return "".join([
        f"- case: {scalar(name)}\n",
        "  title: '[Người soạn viết: trường hợp gì, kết quả gì] / [To write: what case, what verdict]'\n",
        f"  year: {year}\n",
        "  # Các bảng có thể ghi, thay cho {}; bảng không ghi thì không có dòng nào, cột có dấu ? có thể bỏ:\n",
        "  given: {}\n", *tables,
        "  expect:\n", f"    - under: {{{under}}}\n",
        "    # Kết quả mong đợi: mỗi loại được nêu là danh sách đầy đủ ([] là không có); loại không nêu thì không so:\n",
        *verdicts,
    ])  # fmt: skip
