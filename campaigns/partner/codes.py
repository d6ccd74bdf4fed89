"""The partner's codes and the words for them: how a campaign, a call, a conversation and an SMS ended.

Source: [public] the same company's pages. A code that is not here is kept as it came, and is shown as
"code 27".
"""

from enum import IntEnum
from typing import Self


class Code(IntEnum):
    """A table of codes. Each has the words that people read."""

    words: str

    def __new__(cls, value: int, words: str) -> Self:
        code = int.__new__(cls, value)
        code._value_ = value
        code.words = words
        return code

    @classmethod
    def words_for(cls, code: int | None) -> str:
        """Return the words for a code, "code 27" for one that is not known, and "" for none."""
        if code is None:
            return ""
        known = cls._value2member_map_.get(code)
        return known.words if isinstance(known, cls) else f"code {code}"


class CampaignStatus(Code):
    PENDING = 0, "pending"
    SENDING = 1, "sending"
    SUBMITTED = 2, "submitted"
    PAUSED = 3, "paused"
    CANCELLED = 4, "cancelled"
    COMPLETED = 5, "completed"


class Outcome(Code):
    """How a call ended."""

    ANSWERED = 1, "answered"
    UNOBTAINABLE = 2, "unobtainable"
    BUSY = 3, "busy"
    ANSWERPHONE_NO_MESSAGE = 4, "answerphone, message not left"
    ANSWERPHONE_MESSAGE = 5, "answerphone, message left"
    NO_ANSWER = 6, "no answer"
    OVERFLOW = 7, "overflow"
    OUT_OF_TIME = 8, "out of time"
    FAX = 9, "fax"
    UNKNOWN = 10, "unknown"
    EXCLUDED = 11, "excluded number"
    NO_CONNECTION = 12, "no connection"
    INVALID = 13, "invalid number"


class Stage(Code):
    """How far the conversation came."""

    NONE = 0, "none"
    CORRECT_CALLEE = 1, "correct callee"
    WRONG_CALLEE = 2, "wrong callee"
    DECLINED = 3, "call declined"
    CORRECT_CALLEE_HUNG_UP = 4, "correct callee hung up"
    WRONG_CALLEE_HUNG_UP = 5, "wrong callee hung up"
    CALL_CENTRE_HUNG_UP = 6, "call centre hung up"
    TRANSFER_REQUESTED = 7, "transfer requested"
    TRANSFER_ACCEPTED = 8, "transfer accepted"
    EXCLUDED = 9, "excluded"
    ANSWERED = 10, "answered"
    ANSWERPHONE_NO_MESSAGE = 11, "answerphone, message not left"
    ANSWERPHONE_MESSAGE = 12, "answerphone, message left"
    OPT_IN = 13, "opt in"
    OPT_OUT = 14, "opt out"
    WRONG_CALLEE_TRANSFER_REQUESTED = 15, "wrong callee, transfer requested"
    TRANSFERRED_TO_CALL_CENTRE = 16, "transferred to call centre"
    TRANSFERRED_TO_PAYMENT_LINE = 17, "transferred to payment line"
    CALLBACK_REQUESTED = 18, "callback requested"
    WRONG_CALLEE_TRANSFER_ACCEPTED = 19, "wrong callee, transfer accepted"
    DROPPED = 20, "call dropped"


class SmsStatus(Code):
    SENT = 0, "sent"
    DELIVERED = 1, "delivered"
    ACCEPTED = 2, "accepted"
    EXPIRED = 3, "expired"
    DELETED = 4, "deleted"
    UNDELIVERABLE = 5, "undeliverable"
    UNKNOWN = 6, "unknown"
    REJECTED = 7, "rejected"
    OTHER_8 = 8, "other"
    OTHER_9 = 9, "other"
    OTHER_10 = 10, "other"
    INVALID_RECIPIENT = 34, "rejected: invalid recipient"
    NO_CREDIT = 1000, "failed: no credit"
