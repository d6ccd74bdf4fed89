"""The handling of one token request. [guess] The path. The form is that of RFC 6749, section 4.4."""

from email.message import Message

from campaigns.partner.sandbox.body import Body
from campaigns.partner.sandbox.endpoints import answers
from campaigns.partner.sandbox.endpoints.answers import Answer
from campaigns.partner.sandbox.state.sandbox import Sandbox
from campaigns.partner.sandbox.state.sign_in import TokenMode

PATH = "/connect/token"


def answer(sandbox: Sandbox, headers: Message, body: Body) -> Answer | None:
    """Return the answer to send, or None if none is to be sent."""
    match sandbox.sign_in.wanted().token_mode:
        case TokenMode.UNAVAILABLE:
            sandbox.sign_in.failed(503)
            return answers.json(503, {"message": "Service unavailable"})
        case TokenMode.GARBAGE:
            sandbox.sign_in.failed(200)
            return Answer(200, b"<h1>Welcome</h1>", "text/html")
        case TokenMode.HANG:
            sandbox.sign_in.failed(None)
            return None
    given = sandbox.sign_in.give_token(headers, bytes(body.data))
    if isinstance(given, str):
        return answers.json(401 if given == "invalid_client" else 400, {"error": given})
    return answers.json(200, given)
