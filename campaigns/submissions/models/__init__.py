"""Submissions, their parts, and the deliveries that hand a part to the partner at most once."""

from campaigns.submissions.models.calling_window import CallingWindow
from campaigns.submissions.models.delivery import Delivery
from campaigns.submissions.models.dispatch_switch import Dispatch
from campaigns.submissions.models.doubt_mail import DoubtMail
from campaigns.submissions.models.expiry_mail import ExpiryMail
from campaigns.submissions.models.heartbeat import Heartbeat
from campaigns.submissions.models.machine import Machine
from campaigns.submissions.models.part import Part
from campaigns.submissions.models.submission import (
    NotWhatWasSeen,
    OwnWork,
    Submission,
    TooLate,
)

__all__ = [
    "CallingWindow",
    "Delivery",
    "Dispatch",
    "DoubtMail",
    "ExpiryMail",
    "Heartbeat",
    "Machine",
    "NotWhatWasSeen",
    "OwnWork",
    "Part",
    "Submission",
    "TooLate",
]
