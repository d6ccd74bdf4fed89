"""Rules about what is said to each person: where it comes from, and whether it can be spoken."""

from collections.abc import Iterator

from campaigns.contacts.characters import as_said
from campaigns.contacts.counting import counted
from campaigns.contacts.narrowing import EMPTY, LONGER, Narrowing
from campaigns.contacts.speaking import unspeakable
from campaigns.drafts.preflight.facts import Facts, UsedColumn
from campaigns.drafts.preflight.problems import Problem, blocking, warning
from campaigns.drafts.rendering import parameters_in
from campaigns.drafts.sources import is_column


@blocking
def has_parameters(facts: Facts) -> Iterator[Problem]:
    """Everything that must be said comes from somewhere, and every column is there."""
    draft = facts.draft
    for number, source in draft.parameters.items():
        if not is_column(source):
            if not as_said(source.value):
                sentence = "Type the text, or choose a column."
                yield Problem(f"parameter-{number}-text", sentence)
            continue
        lacking = [
            found.name for found in draft.contact_lists if source.value not in found.headings
        ]
        if lacking:
            sentence = f"There is no column “{source.value}” in {' or in '.join(lacking)}."
            yield Problem(_source(number), sentence)
    for number, described in facts.described.items():
        if described.is_required and number not in draft.parameters:
            sentence = f"The call flow needs “{described.label}”: choose where it comes from."
            yield Problem(_source(number), sentence)


@warning("The call flow says a parameter that has no value for anybody")
def says_nothing_unknown(facts: Facts) -> Iterator[Problem]:
    """What is required is blocking anyway; the rest leaves a hole in the sentence."""
    flow = facts.draft.call_flow
    said = parameters_in(flow.script, flow.sms_text) if flow else frozenset()
    for number in sorted(said - facts.draft.parameters.keys()):
        described = facts.described.get(number)
        if not (described and described.is_required):
            sentence = f"The call flow says {{Parameter{number}}}, and nothing is chosen for it."
            yield Problem(_source(number), sentence)


@warning("A parameter is empty for some contacts")
def nobody_lacks_a_value(facts: Facts) -> Iterator[Problem]:
    """Without a value the call flow's sentence has a hole."""
    for used in facts.columns:
        if used.counts.empty and not used.has_fallback:
            narrowing = Narrowing(used.contact_list, used.column, EMPTY)
            yield _about_people(used, used.counts.empty, narrowing)


@blocking
def values_fit(facts: Facts) -> Iterator[Problem]:
    """No value is longer than the call flow's description allows."""
    limits = {number: described.max_length for number, described in facts.described.items()}
    for typed in facts.texts:
        limit = limits.get(typed.number)
        if limit is not None and (length := len(as_said(typed.text))) > limit:
            sentence = f"This is {length:,} characters long, and {limit:,} are allowed."
            yield Problem(typed.place, sentence)
    for used in facts.columns:
        limit = limits.get(used.number)
        if limit is not None and (count := used.counts.longer_than(limit)):
            narrowing = Narrowing(used.contact_list, used.column, LONGER, limit)
            yield _about_people(used, count, narrowing)


@warning("A parameter is unlikely to be spoken well")
def values_can_be_spoken(facts: Facts) -> Iterator[Problem]:
    """A voice spells these out, reads them digit by digit, or says nothing."""
    for typed in facts.texts:
        for kind in unspeakable(typed.text):
            sentence = f"This text has {kind.words}. It may not be read out correctly."
            yield Problem(typed.place, sentence)
    for used in facts.columns:
        for kind, count in used.counts.troubles:
            narrowing = Narrowing(used.contact_list, used.column, kind)
            yield _about_people(used, count, narrowing)


def _about_people(used: UsedColumn, count: int, narrowing: Narrowing) -> Problem:
    have = "has" if count == 1 else "have"
    sentence = (
        f"{counted(count, 'contact')} of “{used.contact_list.name}” {have} {narrowing.words}."
    )
    return Problem(_source(used.number), sentence, narrowing.url)


def _source(number: int) -> str:
    return f"parameter-{number}-source"
