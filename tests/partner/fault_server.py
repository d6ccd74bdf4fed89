"""The sandbox's scripted TCP/TLS partner, under the name that the tests use."""

from campaigns.partner.sandbox.faults.server import Connection, FaultServer, Script

__all__ = ["Connection", "FaultServer", "Script", "answering"]


def answering(status: str, text: str = "", *, more: str = "") -> Script:
    """Return a partner that reads the whole request and answers this; `more` are header lines."""

    def script(connection: Connection) -> None:
        connection.read_all()
        connection.answer(status, text, more=more)

    return script
