"""The reading client: what the portal can ask the partner, in the portal's own words."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from enum import StrEnum

from campaigns.partner import wire
from campaigns.partner.reading import answers
from campaigns.partner.reading.errors import ReadError
from campaigns.partner.reading.requests import NOT_FOUND, Headers, Questions, ReadLimits
from campaigns.partner.reading.rows import (
    NumbersPage,
    ReadCallFlow,
    ReadCampaign,
    ReadCli,
    ReadNumber,
)
from campaigns.partner.reading.shifting_pages import ShiftingPages

# Rows a page. A number with its calls and SMS has about 1,000 bytes.
NUMBERS_A_PAGE = 500
CAMPAIGNS_A_PAGE = 100
MOST_CAMPAIGN_PAGES = 50
NO_SUCH_CAMPAIGN = "The partner does not know this campaign."


class NameMatch(StrEnum):
    """How a campaign's name is compared. The values are Sieve's operators."""

    EQUALS = "=="
    CONTAINS = "@="
    BEGINS = "_="
    ENDS = "_-="

    def holds(self, name: str, text: str) -> bool:
        """Return whether a name matches a text, without regard to case and blanks at the ends."""
        name, text = name.strip().casefold(), text.strip().casefold()
        match self:
            case NameMatch.EQUALS:
                return name == text
            case NameMatch.CONTAINS:
                return text in name
            case NameMatch.BEGINS:
                return name.startswith(text)
        return name.endswith(text)


class Reader:
    """A client of one client's campaigns at the partner. Every method raises only ReadError.

    `headers` identify the client and sign in (`request_headers`). `pause` waits between tries, in seconds.
    One question at a time is on its way: by default to an API URL in this process; `turn` gives a
    lock that holds for an account over all processes. An object has no connection and needs no closing.
    """

    def __init__(
        self,
        api_url: str,
        headers: Headers,
        limits: ReadLimits | None = None,
        pause: Callable[[float], None] = time.sleep,
        turn: Callable[[], AbstractContextManager[object]] | None = None,
    ) -> None:
        self._questions = Questions(api_url, headers, limits or ReadLimits(), pause, turn)

    def call_flows(self) -> list[ReadCallFlow]:
        return answers.call_flows(self._ask(wire.CALL_FLOWS_PATH))

    def clis(self) -> list[ReadCli]:
        return answers.clis(self._ask(wire.CLIS_PATH))

    def campaign(self, campaign_id: int) -> ReadCampaign | None:
        """Return the campaign with its call attempts and run-over days, or None if it is not known."""
        body = self._questions.ask(wire.campaign_path(campaign_id))
        return None if body is None else answers.campaign(body)

    def campaigns_named(self, text: str, match: NameMatch = NameMatch.EQUALS) -> list[ReadCampaign]:
        """Return the campaigns whose name matches, newest first. Raises ReadError also if there are too many.

        The names are compared here too, because a partner may ignore a filter that it does not know.
        """
        found: dict[int, ReadCampaign] = {}
        page, pages = 1, 1
        while page <= pages:
            if page > MOST_CAMPAIGN_PAGES:
                reason = "The partner returned too many campaigns for this name."
                raise ReadError(reason, may_pass=False)
            query = {
                wire.FILTERS: wire.filter_by_name(match, text),
                wire.SORTS: f"-{wire.ID}",
                wire.PAGE: str(page),
                wire.PAGE_SIZE: str(CAMPAIGNS_A_PAGE),
            }
            rows, pages = answers.campaigns_page(self._ask(wire.CAMPAIGNS_PAGE_PATH, query))
            # A new campaign moves the others one place on, so one may come on two pages.
            found |= {row.id: row for row in rows if match.holds(row.name, text)}
            page += 1
        return list(found.values())

    def phone_numbers(
        self,
        campaign_id: int,
        from_page: int = 1,
        page_size: int = NUMBERS_A_PAGE,
        expected: int | None = None,
    ) -> Iterator[NumbersPage]:
        """Yield a campaign's numbers page by page, each number once (`NumbersPage`).

        `from_page` goes on with a reading that broke off; use the same `page_size`. `expected` is the count
        of numbers sent, if known; it is ignored with `from_page`. The last page may have no rows.
        """

        def fetch(page: int) -> list[ReadNumber]:
            return answers.numbers(self._ask(wire.phone_numbers_path(campaign_id, page_size, page)))

        count = expected if from_page == 1 else None
        return ShiftingPages(fetch, page_size, expected=count).pages(from_page)

    def _ask(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        body = self._questions.ask(path, query)
        if body is None:
            is_campaign = path.startswith(f"{wire.CAMPAIGNS_PATH}/")
            reason = NO_SUCH_CAMPAIGN if is_campaign else "The partner has no such page."
            raise ReadError(reason, may_pass=False, status=NOT_FOUND)
        return body
