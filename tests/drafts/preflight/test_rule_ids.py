"""The ids of pre-flight's rules, as they are kept in clients' settings and with submissions."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.core.checks import CheckMessage, Tags, run_checks
from django.db import connection

from campaigns.clients.models import Client
from campaigns.drafts import preflight
from campaigns.drafts.preflight import RULES
from campaigns.submissions.models import Submission

OF_CLIENTS = import_module("campaigns.clients.migrations.0003_ids_of_warnings")
OF_SUBMISSIONS = import_module("campaigns.submissions.migrations.0004_ids_of_warnings")


def start_up_errors() -> list[CheckMessage]:
    messages = run_checks(tags=[Tags.database], databases=["default"])
    return [message for message in messages if message.id == "drafts.E001"]


def test_an_id_is_not_the_name_of_a_function() -> None:
    for rule in RULES:
        assert re.fullmatch("[a-z]+(-[a-z]+)+", rule.id)
        assert rule.id != rule.find.__name__


@pytest.mark.django_db
def test_start_up_reports_a_setting_that_matches_no_rule(
    northgate: Client, harbour: Client
) -> None:
    Client.objects.update(blocking_warnings=[rule_id for rule_id, _ in preflight.warnings_by_id()])
    assert start_up_errors() == []
    Client.objects.filter(pk=harbour.pk).update(blocking_warnings=["name-used", "lists_are_recent"])
    [message] = start_up_errors()
    assert message.msg == (
        "Harbour Housing blocks submission on the warning “lists_are_recent”, but there is no such "
        "warning."
    )


@pytest.mark.django_db
def test_the_choices_of_clients_are_kept_under_the_new_ids(northgate: Client) -> None:
    before = [*OF_CLIENTS.IDS, "gone"]
    Client.objects.update(blocking_warnings=before)
    OF_CLIENTS.forwards(apps, connection.schema_editor())
    northgate.refresh_from_db()
    assert northgate.blocking_warnings == list(OF_CLIENTS.IDS.values())
    assert set(northgate.blocking_warnings) <= {
        rule_id for rule_id, _ in preflight.warnings_by_id()
    }
    assert start_up_errors() == []
    OF_CLIENTS.backwards(apps, connection.schema_editor())
    northgate.refresh_from_db()
    assert northgate.blocking_warnings == before[:-1]


@pytest.mark.django_db
def test_the_warnings_of_submissions_are_kept_under_the_new_ids(submission: Submission) -> None:
    before = [
        {"name": name, "sentence": f"Of {name}.", "url": ""}
        for name in (*OF_SUBMISSIONS.IDS, "gone")
    ]
    Submission.objects.update(warnings=before)
    OF_SUBMISSIONS.forwards(apps, connection.schema_editor())
    submission.refresh_from_db()
    assert [found["rule"] for found in submission.warnings] == [
        *OF_SUBMISSIONS.IDS.values(),
        "gone",
    ]
    assert [found["sentence"] for found in submission.warnings] == [
        one["sentence"] for one in before
    ]
    OF_SUBMISSIONS.backwards(apps, connection.schema_editor())
    submission.refresh_from_db()
    assert submission.warnings == before
