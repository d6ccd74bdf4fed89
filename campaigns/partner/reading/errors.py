"""The one way in which reading from the partner fails."""


class ReadError(Exception):
    """Nothing could be read. The text is the portal's own sentence, without a word of the partner's.

    `may_pass` says whether trying again later may help; otherwise a person has to change something.
    `retry_after` is the seconds that the partner asks us to wait, and `status` the HTTP status, if any.
    """

    def __init__(
        self,
        reason: str,
        *,
        may_pass: bool,
        retry_after: int | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.may_pass = may_pass
        self.retry_after = retry_after
        self.status = status


def unreadable() -> ReadError:
    """Return the error of an answer that is not what the partner's pages describe."""
    return ReadError("The partner’s answer could not be read.", may_pass=True)
