"""The history of a provision: what amended it, and what the drafts of the repository would change."""

from __future__ import annotations

import datetime

from cchc.diff import Changed
from cchc.printing import change_text
from cchc.site.book import Draft
from cchc.site.page import Page, plain


def write_history(page: Page, scope: list[str]) -> None:
    policy = page.book.policy
    since = str(policy.instrument.get("effective_from", ""))
    page.paragraph(page.say("since", day=day(since, page.lang), number=policy.instrument["number"]))
    changes = [f"{page.provision(name)}: {plain(change_text(change, page.lang))}"
               for name in scope for change in policy.provisions[name].changes]  # fmt: skip
    if changes:
        page.bullets(changes)
    else:
        page.paragraph(page.say("unchanged"))
    touched = False
    for draft in page.book.drafts:
        found = [one for one in draft.changes.provisions if one.id in scope]
        decided = [change for change in draft.changes.readings if change.new is not None and change.new.decided
                   and change.old is not None and not set(scope).isdisjoint(change.old.provisions)]  # fmt: skip
        if not found and not decided:
            continue
        touched = True
        page.add('<div class="draft" markdown="1">', "")
        _head(page, draft)
        for one in found:
            write_change(page, draft, one)
        if decided:
            told = [f"`{change.id}` = `{change.new.default}` ({page.provision(change.new.decided)})"
                    for change in decided if change.new is not None]  # fmt: skip
            page.paragraph(f"{page.say('draft-decides')}: {', '.join(told)}.")
        page.add("</div>", "")
    if page.book.drafts and not touched:
        page.paragraph(page.say("draft-unchanged"))


def _head(page: Page, draft: Draft) -> None:
    instrument = draft.policy.amendments[-1].instrument
    number = plain(instrument["number"])
    told = page.say("draft-would", number=number[:1].upper() + number[1:])
    page.paragraph(f"**{page.say('draft-title')}.** {told} {page.link(page.say('whole-draft'), draft_path(draft.id))}.")


def write_change(page: Page, draft: Draft, one: Changed) -> None:
    """What a draft does to one provision: its new words, and how many facts and rules come and go."""
    page.paragraph(f"{page.provision(one.id)} (`{one.id}`):")
    items = []
    if one.new is not None:
        for change in one.new.changes[-1:]:
            items.append(plain(change_text(change, page.lang)))
        shown = one.new.text if page.lang == "vi" else one.new.en
        items.append(f"{page.say('draft-text')}: <q>{plain(shown)}</q>")
    elif one.old is not None:
        items.append(page.say("draft-gone"))
    if one.facts_gone or one.facts_new:
        items.append(page.say("draft-facts", gone=len(one.facts_gone), new=len(one.facts_new)))
    if one.rules_gone or one.rules_new:
        items.append(page.say("draft-rules", gone=len(one.rules_gone), new=len(one.rules_new)))
    page.bullets(items)


def draft_path(name: str) -> str:
    return f"law/draft-{name}.md"


def day(text: str, lang: str) -> str:
    return f"{datetime.date.fromisoformat(text):%d/%m/%Y}" if lang == "vi" and text else text
