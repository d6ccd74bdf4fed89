"""Rules about name, purpose, call flow and CLI. [partner] marks what the partner is known to check too."""

from collections.abc import Iterator

from django.urls import reverse

from campaigns.contacts.speech.unspeakable import UNREADABLE_IN_A_NAME, unspeakable
from campaigns.drafts.models import Campaign, CampaignQuerySet, Purpose
from campaigns.drafts.preflight.facts import Facts
from campaigns.drafts.preflight.problems import Problem, blocking, warning
from campaigns.uploads.numbers.characters import as_said


@blocking("name-missing")
def has_a_name(facts: Facts) -> Iterator[Problem]:
    """[partner] Require a name."""
    if not as_said(facts.draft.name):
        yield Problem("name", "Give the campaign a name.")


@blocking("name-taken-at-partner")
def name_is_new_to_the_partner(facts: Facts) -> Iterator[Problem]:
    """[partner] Require a name that no submitted campaign has: names are unique there.

    The portal's reference in the name sent makes every name unique.
    """
    if facts.draft.client.partner_account.reference_in_name:
        return
    for other in _of_this_name(facts).filter(status=Campaign.Status.SUBMITTED)[:1]:
        sentence = "A campaign of this name has been submitted, and the partner takes a name once."
        yield Problem("name", sentence, _url(other))


@warning("name-used", "The name is used already")
def name_is_unused(facts: Facts) -> Iterator[Problem]:
    """Warn if another campaign has this name: people would confuse the two."""
    for other in _of_this_name(facts)[:1]:
        sentence = f"{facts.draft.client.name} has another campaign of this name."
        yield Problem("name", sentence, _url(other))


@warning("name-unreadable", "The campaign’s name has something that can’t be read")
def name_can_be_read(facts: Facts) -> Iterator[Problem]:
    """Warn if the name has something unreadable: colleagues and the partner search by the name."""
    for kind in unspeakable(facts.draft.name):
        if kind in UNREADABLE_IN_A_NAME:
            yield Problem("name", f"This name has {kind.words}.")


def _of_this_name(facts: Facts) -> CampaignQuerySet:
    name = facts.draft.name.strip()
    if not name:
        return Campaign.objects.none()
    others = Campaign.objects.filter(client=facts.draft.client, name__iexact=name)
    return others.exclude(pk=facts.campaign.pk) if facts.campaign else others


def _url(campaign: Campaign) -> str:
    return reverse("drafts:edit", args=[campaign.pk])


@blocking("consent-missing")
def marketing_has_consent(facts: Facts) -> Iterator[Problem]:
    """Require for marketing that the people agreed to it, and are told who calls."""
    if facts.draft.purpose != Purpose.MARKETING:
        return
    consent = facts.draft.consent
    if not consent.source.strip():
        yield Problem("consent_source", "Say where these people agreed to marketing calls.")
    if consent.day is None:
        yield Problem(
            "consent_date", "Say when they agreed, or the earliest date if it was on several."
        )
    elif consent.day > facts.now.astimezone(facts.draft.client.zone).date():
        yield Problem("consent_date", "Nobody can have agreed on a date that is yet to come.")
    if not consent.caller_name.strip():
        yield Problem("caller_name", "Say who the called person is told is calling.")


@blocking("lookup-missing")
def has_lookups(facts: Facts) -> Iterator[Problem]:
    """[partner] Require a call flow and a CLI, which must belong to the client."""
    draft = facts.draft
    for place, label, chosen in (
        ("call_flow", "call flow", draft.call_flow),
        ("cli", "CLI", draft.cli),
    ):
        if chosen is None:
            yield Problem(place, f"Choose a {label}.")
        elif chosen.client_id != draft.client.pk or not chosen.is_active:
            yield Problem(place, f"This {label} is not offered to this client any more.")


@warning("lookup-unconfirmed", "The call flow or CLI was not confirmed for 90 days")
def lookups_are_confirmed(facts: Facts) -> Iterator[Problem]:
    """Warn if a lookup's ID was not confirmed for a long time.

    If the partner has changed the ID, people hear the wrong words or see the wrong number.
    """
    draft = facts.draft
    for place, label, chosen in (
        ("call_flow", "call flow", draft.call_flow),
        ("cli", "CLI", draft.cli),
    ):
        if chosen and chosen.is_unconfirmed(facts.now.astimezone(draft.client.zone)):
            since = f"{chosen.confirmed_at.astimezone(draft.client.zone):%-d %B %Y}"
            sentence = (
                f"Nobody has confirmed this {label} with the partner since {since}: have an "
                "administrator ask whether its ID still stands."
            )
            yield Problem(place, sentence)
