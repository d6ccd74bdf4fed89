"""Lock a submission's row and wait: `python -m tests.faults.lock SUBMISSION` says so once it has it."""

import sys
import time

import django


def lock(submission: int) -> None:
    from django.db import transaction

    from campaigns.submissions.models import Submission

    with transaction.atomic():
        Submission.objects.select_for_update().get(pk=submission)
        print("locked", flush=True)
        time.sleep(3600)


if __name__ == "__main__":
    django.setup()
    lock(int(sys.argv[1]))
