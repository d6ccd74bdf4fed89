"""Read an uploaded file by one worker at a time, whatever becomes of the others.

A worker takes the run with a token, and each of its transactions says that it is still its own. One that
is silent for a minute is followed by another, three times at most; one whose run was cancelled notices
when it next writes.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
from django.db import OperationalError

from campaigns.uploads.runs import garbage
from campaigns.uploads.runs.import_run import UNEXPECTED, ImportLost, ImportRun
from campaigns.uploads.runs.problem_tiers import ColumnProblem
from campaigns.uploads.runs.remains import remove_remains
from campaigns.uploads.runs.stored_file import on_disk
from campaigns.uploads.spreadsheets import FileProblem

log = structlog.get_logger(__name__)


def carry_out(run: ImportRun, read: Callable[[str, Path], None]) -> None:
    """Have `read` (token, path) read the file, unless another worker has it, and finish the run.

    What is wrong with the file is said on the run. Raises what nobody foresaw, once the run has failed
    by it: tried again, it would come again.
    """
    token = run.claim_import()
    if not token:
        return
    try:
        with on_disk(run.file) as path, garbage.searched_rarely():
            read(token, path)
    except (FileProblem, ColumnProblem) as problem:
        _fail(run, token, problem.sentence, problem.code)
    except ImportLost:
        _lost(run)
    except OperationalError:
        # The database was away or busy: the sweeper rings again, three times at most.
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
