"""Sizes of files, in pages and messages."""

import pytest
from django.template import Context, Template

from portal.templatetags.sizes import size


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (None, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (1_440, "1.4 kB"),
        (9_949, "9.9 kB"),
        (9_951, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (200_000_000, "200 MB"),
        (1_500_000_000, "1.5 GB"),
        (5_000 * 10**12, "5,000 TB"),
    ],
)
def test_a_size_is_said_as_people_say_it(count: int | None, said: str) -> None:
    assert size(count).replace("\xa0", " ") == said


def test_it_is_what_every_template_uses() -> None:
    page = Template("{{ bytes|filesizeformat }}").render(Context({"bytes": 200_000_000}))
    assert page == "200\xa0MB"
