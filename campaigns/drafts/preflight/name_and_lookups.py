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
        sentence = (
            "A campaign with this name has been submitted. The partner accepts each name only once."
        )
        yield Problem("name", sentence, _url(other))


@warning("name-used", "The name is already used")
def name_is_unused(facts: Facts) -> Iterator[Problem]:
    """Warn if another campaign has this name: people would confuse the two."""
    for other in _of_this_name(facts)[:1]:
        sentence = f"{facts.draft.client.name} has another campaign with this name."
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
        yield Problem("consent_source", "Enter where these people agreed to marketing calls.")
    if consent.day is None:
        yield Problem(
            "consent_date",
            "Enter the date when they agreed. If there are several, enter the earliest.",
        )
    elif consent.day > facts.now.astimezone(facts.draft.client.zone).date():
        yield Problem(
            "consent_date", "This date is in the future. Enter the date when they agreed."
        )
    if not consent.caller_name.strip():
        yield Problem("caller_name", "Enter the caller name that people will hear.")


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
            yield Problem(place, f"This {label} is no longer available for this client.")


@warning("lookup-unconfirmed", "The call flow or CLI has not been confirmed for 90 days")
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
                f"This {label} was last confirmed on {since}. Ask an administrator to check its ID "
                "with the partner."
            )
            yield Problem(place, sentence)
