"""The points at which a process is killed, by name, for each thing that a process does."""

import http.client
import ssl

from urllib3.connection import HTTPConnection

from campaigns.partner import answer_parsing, client
from campaigns.submissions import enqueue, payload_files
from campaigns.submissions.delivering import deliver, journal, queueing
from campaigns.submissions.demo import story
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Delivery, Heartbeat, Submission
from tests.faults.killing import At

SUBMIT = [
    At("before the user's commit", story, "submit_campaign"),
    At("inside the user's transaction", story, "submit_campaign", after=True),
    At("before ringing for the freeze", enqueue, "freeze"),
]
FREEZE = [
    At("before the freeze", freeze, "freeze"),
    At("before the payload is written", payload_files, "store"),
    At("after the payload is written", payload_files, "store", after=True),
    At("after the freeze", freeze, "freeze", after=True),
    At("before the delivery is queued", Delivery, "queue"),
    At("after the delivery is queued", Delivery, "queue", after=True),
    At("after ringing for the delivery", enqueue, "delivery", after=True),
]
DELIVER = [
    At("at the task's start", deliver, "deliver"),
    At("before the claim", Delivery, "claim"),
    At("inside the claim", Submission, "read_off_parts"),
    At("after the claim", Delivery, "claim", after=True),
    At("after the last look", payload_files, "open_whole", after=True),
    At("before connecting", HTTPConnection, "_new_conn"),
    At("once connected", HTTPConnection, "_new_conn", after=True),
    At("before the TLS handshake", ssl.SSLContext, "wrap_socket"),
    At("after the TLS handshake", ssl.SSLContext, "wrap_socket", after=True),
    At("before the headers", http.client.HTTPConnection, "send"),
    At("after the headers", http.client.HTTPConnection, "send", after=True),
    At("before the fence", Delivery, "pass_fence"),
    At("inside the fence", Submission, "read_off_parts", nth=2),
    At("after the fence", Delivery, "pass_fence", after=True),
    At("before the body", http.client.HTTPConnection, "send", nth=2),
    At("in the middle of the body", http.client.HTTPConnection, "send", nth=2, after=True),
    At("before the last byte", http.client.HTTPConnection, "send", nth=3),
    At("after the last byte", http.client.HTTPConnection, "send", nth=3, after=True),
    At("before the status line", http.client.HTTPResponse, "_read_status"),
    At("after the status line", http.client.HTTPResponse, "_read_status", after=True),
    At("before the answer is read", answer_parsing, "read"),
    At("after the campaign ID is in the journal", journal, "note_campaign_id", after=True),
    At("after the answer is read", answer_parsing, "read", after=True),
    At("after the exchange", client, "create_campaign", after=True),
    At("before the answer is in the journal", journal, "keep"),
    At("after the answer is in the journal", journal, "keep", after=True),
    At("before the final write", Delivery, "settle"),
    At("inside the final write", Submission, "read_off_parts", nth=3),
    At("after the final write", Delivery, "settle", after=True),
    At("before the journal is settled", journal, "settled"),
    At("after the journal is settled", journal, "settled", after=True),
]
SWEEP_OF_A_CLAIM = [
    At("at the sweep's start", queueing, "sweep"),
    At("before a dead claim is given up", Delivery, "give_up_claim"),
    At("inside giving a claim up", Submission, "read_off_parts"),
    At("after a dead claim is given up", Delivery, "give_up_claim", after=True),
    At("before it is queued again", Delivery, "queue"),
    At("after it is queued again", Delivery, "queue", after=True),
    At("after ringing again", enqueue, "delivery", after=True),
    At("before the heartbeat", Heartbeat, "beat"),
]
SWEEP_OF_A_DOUBT = [
    At("before a doubt is raised", Delivery, "doubt"),
    At("inside raising a doubt", Submission, "read_off_parts"),
    At("after a doubt is raised", Delivery, "doubt", after=True),
]
CREATED = [
    At("before a person's yes", Delivery, "was_created"),
    At("inside a person's yes", Submission, "read_off_parts"),
    At("after a person's yes", Delivery, "was_created", after=True),
    At("after a person's yes, before going on", queueing, "queue_due"),
]
NOT_CREATED = [
    At("before a person's no", Delivery, "was_not_created"),
    At("inside a person's no", Submission, "read_off_parts"),
    At("after a person's no", Delivery, "was_not_created", after=True),
    At("after a person's no, before it is queued again", queueing, "queue_due"),
    At("after it is queued again", Delivery, "queue", after=True),
]
