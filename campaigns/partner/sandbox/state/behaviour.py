"""The ways in which the sandbox can be told to misbehave: as it creates, as it is read, and with webhooks."""

from enum import StrEnum
from typing import Self


class DescribedMode(StrEnum):
    """A treatment of requests, with the sentence that the sandbox's page shows for it."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        mode = str.__new__(cls, value)
        mode._value_ = value
        mode.description = description
        return mode


class Mode(DescribedMode):
    """The treatment of the next create requests. An invalid campaign is never created, whatever the mode."""

    NORMAL = "normal", "Answers as the documents say."
    REFUSE = "refuse", "Answers 400: the call flow is not active. Not created."
    REFUSE_FIELDS = "refuse_fields", "Answers 400 with words for several fields. Not created."
    UNAUTHORISED = "unauthorised", "Answers 401. Not created."
    TOO_MANY = "too_many", "Answers 429. Not created."
    SERVER_ERROR = "server_error", "Answers 500. Not created."
    UNAVAILABLE = "unavailable", "Answers 503. Not created."
    REDIRECT = "redirect", "Answers 307 to its own create address. Not created."
    SLOW = "slow", "Created, and answers as usual after 3 seconds."
    HANG = "hang", "Created, then never answers, for 15 minutes or until the client goes."
    CUT_BEFORE = "cut_before", "Resets the connection halfway through the body. Not created."
    CUT_AFTER = "cut_after", "Created, then closes the connection without an answer."
    NO_ID = "no_id", "Created; answers 201 with JSON that has no id."
    TEXT = "text", "Created; answers 201 with the text Campaign with campaign ID=123."
    BARE_ID = "bare_id", "Created; answers 200 with the id alone, a number."
    QUOTED_ID = "quoted_id", "Created; answers 200 with the id alone, in quotes."


class ReadingMode(DescribedMode):
    """The treatment of the next reading requests."""

    NORMAL = "normal", "Answers as the documents say."
    SLOW = "slow", "Answers as usual after 3 seconds."
    TOO_MANY = "too_many", "Answers 429 with Retry-After: 1."
    SERVER_ERROR = "server_error", "Answers 500."
    HALF_PAGE = "half_page", "Closes the connection after half of the answer."
    WRONG_JSON = "wrong_json", "Answers 200 with half of the JSON."
    VANISHED = "vanished", "Answers 404, as if the campaign had never been."
    SHIFTED = "shifted", "Gives the phone numbers in reverse order."


class WebhookMode(DescribedMode):
    """The treatment of the next webhooks."""

    NORMAL = "normal", "Sends each once, in order."
    LATE = "late", "Sends it after 5 seconds."
    DOUBLED = "doubled", "Sends it twice."
    OUT_OF_ORDER = "out_of_order", "Sends it after the one that follows it."
    LOST = "lost", "Never sends it."
