"""Rules about what is said to each person: where it comes from, and whether it can be spoken."""

from collections.abc import Iterator

from campaigns.clients.lookups.placeholders import misspelt
from campaigns.contacts.browsing.narrowing import EMPTY, LONGER, NOT_CONVERTED, Narrowing
from campaigns.contacts.speech.unspeakable import unspeakable
from campaigns.drafts.preflight.facts import Facts, UsedColumn
from campaigns.drafts.preflight.problems import Problem, blocking, warning
from campaigns.drafts.spoken.parameter_sources import is_column
from campaigns.plurals import counted
from campaigns.uploads.numbers.characters import as_said


@blocking("parameter-missing")
def has_parameters(facts: Facts) -> Iterator[Problem]:
    """Require a source for every required parameter, and every chosen column on every list."""
    draft = facts.draft
    for number, source in draft.parameters.items():
        if not is_column(source):
            if not as_said(source.value):
                sentence = "Enter the text, or choose a column."
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


@blocking("script-parameter-unchosen")
def says_what_is_chosen(facts: Facts) -> Iterator[Problem]:
    """Require a choice for each parameter in the call flow's texts.

    Without one, everybody hears a gap in the sentence: "Hello , ".
    """
    for number in facts.unsaid:
        described = facts.described.get(number)
        if described is None:
            sentence = (
                f"The call flow says {{Parameter{number}}}. Choose a column or a text for it."
            )
        elif described.is_required or number in facts.draft.unused:
            # Required ones are for `has_parameters`, those set to "Not used" for `says_everything`.
            continue
        else:
            sentence = (
                f"The call flow says {{Parameter{number}}}. Choose a column or a text for it, or "
                "“Not used” if nothing should be said there."
            )
        yield Problem(_source(number), sentence)


@warning("parameter-unused", "A parameter that the call flow says is set to “Not used”")
def says_everything(facts: Facts) -> Iterator[Problem]:
    """Warn the approver of a parameter in the call flow's texts that a person set to "Not used"."""
    for number in facts.unsaid:
        described = facts.described.get(number)
        if described and not described.is_required and number in facts.draft.unused:
            sentence = f"The call flow says {{Parameter{number}}}, but it is set to “Not used”."
            yield Problem(_source(number), sentence)


@warning("script-unreadable", "The call flow’s text has a field that is never filled in")
def script_can_be_read(facts: Facts) -> Iterator[Problem]:
    """Warn of a misspelt parameter. Administrators can't enter one, but an old text may have one."""
    flow = facts.draft.call_flow
    for found in misspelt(flow.script, flow.sms_text) if flow else ():
        sentence = f"The text of this call flow has “{found}”. Ask an administrator to correct it."
        yield Problem("call_flow", sentence)


@warning("value-empty", "A parameter is empty for some contacts")
def nobody_lacks_a_value(facts: Facts) -> Iterator[Problem]:
    """Warn if some contacts have no value, which leaves a gap in the call flow's sentence."""
    for used in facts.columns:
        if used.counts.empty and not used.has_fallback:
            yield _about_people(used, used.counts.empty, used.narrowed(EMPTY))


@warning("value-not-converted", "A parameter can’t be said as chosen for some contacts")
def values_are_converted(facts: Facts) -> Iterator[Problem]:
    """Warn of cells that can't be said as chosen, such as a date. They are said as they are."""
    for used in facts.columns:
        if count := used.counts.not_converted:
            yield _about_people(used, count, used.narrowed(NOT_CONVERTED))


@blocking("value-too-long")
def values_fit(facts: Facts) -> Iterator[Problem]:
    """Block values that are longer than the call flow's description allows."""
    limits = {number: described.max_length for number, described in facts.described.items()}
    for typed in facts.texts:
        limit = limits.get(typed.number)
        if limit is not None and (length := len(as_said(typed.text))) > limit:
            sentence = f"This is {length:,} characters long. The limit is {limit:,}."
            yield Problem(typed.place, sentence)
    for used in facts.columns:
        limit = limits.get(used.number)
        if limit is not None and (count := used.counts.longer_than(limit)):
            yield _about_people(used, count, used.narrowed(LONGER, limit))


@warning("value-unspeakable", "A parameter may not be read out correctly")
def values_can_be_spoken(facts: Facts) -> Iterator[Problem]:
    """Warn of values that a voice spells out, reads digit by digit, or leaves out."""
    for typed in facts.texts:
        for kind in unspeakable(typed.text):
            sentence = f"This text has {kind.words}. It may not be read out correctly."
            yield Problem(typed.place, sentence)
    for used in facts.columns:
        for kind, count in used.counts.troubles:
            yield _about_people(used, count, used.narrowed(kind))


def _about_people(used: UsedColumn, count: int, narrowing: Narrowing) -> Problem:
    have = "has" if count == 1 else "have"
    sentence = (
        f"{counted(count, 'contact')} on “{used.contact_list.name}” {have} {narrowing.words}."
    )
    return Problem(_source(used.number), sentence, narrowing.url)


def _source(number: int) -> str:
    return f"parameter-{number}-source"
