"""The policy files are the official text: put together, they give it back character for character."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest

from cchc.policy import Policy, source_text


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


def test_lines_rebuild_the_text(policy: Policy) -> None:
    assert "\n".join(policy.lines) + "\n" == source_text(policy)


def test_archived_text_is_the_one_that_was_locked(policy: Policy) -> None:
    source = policy.instrument["source"]
    raw = (policy.folder / source["file"]).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == source["sha256"]
    assert unicodedata.is_normalized("NFC", raw.decode())


def test_every_provision_is_there(policy: Policy) -> None:
    assert len(policy.provisions) == 125
    for provision in policy.provisions.values():
        assert provision.text.strip()
        assert provision.en.strip()


def test_facts_quote_their_provision(policy: Policy) -> None:
    assert policy.facts
    for fact in policy.facts:
        assert fact.words in policy.provisions[fact.provision].text, fact.at


def test_definitions_quote_a_line(policy: Policy) -> None:
    text = source_text(policy)
    for provision in policy.provisions.values():
        if provision.quotes_line:
            assert provision.text in text, provision.id
