"""The reading of an uploaded file by one worker at a time, even if other workers die or are late.

A worker takes the run with a token, and each of its transactions checks that the run still has that
token. If the worker is silent for a minute another takes over, and the run is taken three times at most.
A worker whose run was cancelled notices it at its next write.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
from django.db import OperationalError

from campaigns.uploads.runs import garbage_collection
from campaigns.uploads.runs.import_run import UNEXPECTED, ImportLost, ImportRun
from campaigns.uploads.runs.leftover_rows import remove_remains
from campaigns.uploads.runs.problem_tiers import ColumnProblem
from campaigns.uploads.runs.stored_file import on_disk
from campaigns.uploads.spreadsheets import FileProblem

log = structlog.get_logger(__name__)


def carry_out(run: ImportRun, read: Callable[[str, Path], None]) -> None:
    """Let `read` (token, path) read the file and finish the run, unless another worker has it.

    If something is wrong with the file, the run fails with a sentence that says so. An unexpected exception
    fails the run and is then raised: the run is not tried again, as it would meet the same exception.
    """
    token = run.claim_import()
    if not token:
        return
    try:
        with on_disk(run.file) as path, garbage_collection.searched_rarely():
            read(token, path)
    except (FileProblem, ColumnProblem) as problem:
        _fail(run, token, problem.sentence, problem.code)
    except ImportLost:
        _lost(run)
    except OperationalError:
        # The database was away or busy. The run stays as it is and the sweeper enqueues it again; it is
        # tried three times at most.
        raise
    except Exception:
        _fail(run, token, UNEXPECTED)
        raise


def _fail(run: ImportRun, token: str, sentence: str, code: str = "") -> None:
    try:
        run.fail(token, sentence, code)
    except ImportLost:
        _lost(run)
    else:
        remove_remains(run)


def _lost(run: ImportRun) -> None:
    log.warning("the import was cancelled or taken over", run=run.pk, kind=run._meta.model_name)
    remove_remains(run)
