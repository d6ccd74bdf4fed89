"""Submissions, their parts, and the deliveries that hand a part to the partner at most once.

Rows are locked in this order, within one transaction, so that no two processes wait for each other:

1. the draft (`Campaign._locked_draft`), by whoever saves, submits or deletes it;
2. its contact lists, in the order of their ids (`Campaign.lock_lists`, `deletion.give_up`);
3. the client (`Client.lock_submitting`), whose campaigns are submitted one at a time;
4. the submission (`DeliveryRow._locked_submission` and the methods of `Submission`), by whoever changes
   its state or that of one of its deliveries, which are changed under its lock;
5. its draft once more, when it is opened or closed with it (`Campaign.reopen`, `Campaign.lock`);
6. the partner account, then the switch of all sending, when they are held.

A new submission locks nothing but itself, so 5 does not turn 1 around: a draft is open only while no
submission of it is. Drafts, lists and clients are locked without their keys (`no_key`), since rows that
refer to them are written meanwhile.
"""

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
