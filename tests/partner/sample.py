"""The complete sample body from the partner's page "Create Voice Campaigns"."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

SAMPLE: dict[str, Any] = {
    "name": "Test Campaign",
    "startDate": "2025-10-01",
    "startTime": "09:00",
    "finishTime": "12:00",
    "runoverDays": [{"date": "2025-10-02", "startTime": "09:00", "finishTime": "12:00"}],
    "callflow_Id": 1,
    "cli_Id": 1,
    "attempts": [
        {"interval": 15, "attemptNumber": 1},
        {"interval": 60, "attemptNumber": 2},
        {"interval": 120, "attemptNumber": 3},
    ],
    "answerMachineDetected": 0,
    "smsOnBusy": 1,
    "phoneNumbers": [
        {
            "number": "07722123456",
            "name": "ben",
            "parameters": [{"value": "testing", "parameter": 1}],
        },
        {"number": "07722734716", "name": "Dave"},
    ],
}


def sample(**changes: Any) -> dict[str, Any]:
    """Return the partner's sample body with a start next week and with `changes` applied."""
    start = date.today() + timedelta(days=7)  # noqa: DTZ011
    body = deepcopy(SAMPLE)
    body["startDate"] = start.isoformat()
    body["runoverDays"][0]["date"] = (start + timedelta(days=1)).isoformat()
    return body | changes
