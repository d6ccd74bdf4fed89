"""The columns of a submission, and what they say of its kind: a campaign's submission or a test call."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from campaigns.clients.holds import Holdable
from campaigns.clients.models import Client, Event, PartnerAccount
from campaigns.drafts.models import NAME_MAX_LENGTH, Campaign
from campaigns.submissions.models import states

LONGEST_DECISION = 300
# Put before the campaign's name in the name of a test call, so that every list, e-mail and the partner
# show that it is one.
TEST_PREFIX = "Test: "


class SubmissionRow(Holdable):
    """The columns of a submission."""

    State = states.State

    campaign = models.ForeignKey(
        Campaign, null=True, on_delete=models.PROTECT, related_name="submissions"
    )
    # Also by the database, so that a process of the release before can still insert while this one is
    # installed.
    is_test_call = models.BooleanField(default=False, db_default=False)
    # The draft that a test call tries; null if the draft has been deleted. A test call keeps no draft from
    # being deleted: what was sent is frozen.
    test_of = models.ForeignKey(
        Campaign, null=True, on_delete=models.SET_NULL, related_name="test_calls"
    )
    # Token of the page that made a test call: the same page posted twice makes one.
    form_token = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="submissions")
    name = models.CharField(max_length=NAME_MAX_LENGTH + len(TEST_PREFIX))
    reference = models.CharField(max_length=6, unique=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Derived from the deliveries once there are any, and stored so that lists can be filtered by it.
    # Only `move` changes it.
    state = models.CharField(max_length=17, choices=State.choices, default=State.PREPARING)
    state_at = models.DateTimeField(default=timezone.now)
    # The kind of the partner account when it was submitted. A submission for the sandbox must never go
    # to people, and one for people never to the sandbox.
    account_kind = models.CharField(max_length=8, choices=PartnerAccount.Kind.choices)
    starts_at = models.DateTimeField()
    # Nothing of it is sent before this time. Until then it can be undone.
    due_at = models.DateTimeField(default=timezone.now)
    # When it expired because its start was too near. The people concerned are then e-mailed.
    expired_at = models.DateTimeField(null=True, db_index=True)
    # The earliest time to hand it to the partner, if its author chose one.
    not_before = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(max_length=LONGEST_DECISION, blank=True)
    # When a person last released a hold of it. Tries before that no longer count towards the limit of
    # tries.
    released_at = models.DateTimeField(null=True)
    # Since when each try to prepare it has failed.
    failing_since = models.DateTimeField(null=True)
    # The parts of earlier submissions whose numbers are left out; null if that was not recorded.
    left_out_part_ids = models.JSONField(null=True)
    # The contact lists of its draft when it was submitted. The draft may change later, but a list never
    # changes.
    contact_list_ids = models.JSONField(default=list)
    # The earlier submission that a person named to confirm that the same people are to be called again,
    # and how many people this submission shares with it and any other earlier ones.
    resend_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    resend_shared = models.PositiveIntegerField(default=0)
    # The client's calling rules when it was submitted; empty if they were not recorded.
    client_rules = models.JSONField(default=dict)
    # The warnings when it was submitted: a list of {"rule", "sentence", "url"}.
    warnings = models.JSONField(default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} [{self.reference}]"

    def record_event(self, sentence: str, actor: User | None = None) -> None:
        """Record what happened to it. In the history of a draft, an event of a test call says so."""
        said = f"Test call. {sentence}" if self.is_test_call else sentence
        Event.record(self, self.client_id, said, actor)

    @property
    def own_campaign(self) -> Campaign:
        """Return the campaign that it sends. Raises TypeError for a test call, which sends none."""
        if self.campaign is None:
            message = "a test call sends no campaign"
            raise TypeError(message)
        return self.campaign

    @property
    def draft(self) -> Campaign | None:
        """Return the campaign that it sends or tries; None if that was deleted after a test call."""
        return self.test_of if self.is_test_call else self.campaign
