"""The people of a campaign's results."""

from collections.abc import Iterable

from django.db.models import QuerySet

from campaigns.results.models import CalledPerson
from campaigns.results.pages.narrowing import Narrowing
from campaigns.submissions.models import Part


def of_parts(parts: Iterable[Part], narrowing: Narrowing) -> QuerySet[CalledPerson]:
    """Return the people of the parts that the filters leave, in the order in which they were sent."""
    people = CalledPerson.objects.filter(part__in=[part.pk for part in parts])
    return narrowing.among(people).order_by("part", "pk")
