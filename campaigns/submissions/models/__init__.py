"""Submissions, their parts, and the deliveries that hand a part to the partner at most once.

A transaction locks rows in this order, so that no two processes wait for each other:

0. a person's own number, when they make a test call (`OwnNumber.locked_of`);
1. the draft, when it is saved, submitted or deleted (`Campaign.locked_draft`);
2. its contact lists, in the order of their ids (`Campaign.lock_lists`, `deletion.give_up`,
   `ContactList.delete`);
3. the client, whose campaigns are submitted one at a time (`Client.lock_submitting`);
4. the submission, before its state or the state of one of its deliveries changes
   (`DeliveryRow._locked_submission`, `Submission.move`, `endings`, `approve`, `freeze.keep` and
   `Holdable`), then a later submission of its campaign that it holds;
5. its draft again, when it is reopened or closed with the submission (`Campaign.reopen`,
   `Campaign.lock`);
6. the partner account, then the switch of all sending, when they are held.

Step 5 does not reverse the order of steps 1 and 4: submitting a draft locks no submission except the new
one, which no other process can see yet. But it waits for another open one of the same campaign, because
of the constraint `a_campaign_has_at_most_one_open_submission`. So a submission that opens again closes the
draft before it changes its own state (`Submission.doubt_again`).

Drafts, lists and clients are locked without their keys (`no_key`), so that other transactions can still
write rows that refer to them.
"""

from campaigns.submissions.models.calling_window import CallingWindow
from campaigns.submissions.models.delivery.guards import Delivery
from campaigns.submissions.models.dispatch_switch import Dispatch
from campaigns.submissions.models.heartbeat import Heartbeat
from campaigns.submissions.models.own_number import OwnNumber
from campaigns.submissions.models.part import Part
from campaigns.submissions.models.sent_emails import DoubtMail, ExpiryMail
from campaigns.submissions.models.submission import Submission
from campaigns.submissions.models.worker_machine import Machine

__all__ = [
    "CallingWindow",
    "Delivery",
    "Dispatch",
    "DoubtMail",
    "ExpiryMail",
    "Heartbeat",
    "Machine",
    "OwnNumber",
    "Part",
    "Submission",
]
