"""Read one file in a process of its own: `python -m tests.uploads.spreadsheets.refusing PATH`.

Prints the code of its problem ("" for none), the processor time in seconds, and the most memory that the
process ever held, in MB. A process that has done other work before can't measure this.
"""

import sys
import time
from pathlib import Path

import django


def main(path: Path) -> None:
    django.setup()
    from campaigns.contacts import tasks  # noqa: F401  what a worker has loaded
    from campaigns.uploads.spreadsheets import FileProblem, Limits, inspect, rows

    limits, code = Limits(), ""
    start = time.process_time()
    try:
        for _ in rows(path, inspect(path, limits).reading, limits):
            pass
    except FileProblem as problem:
        code = problem.code
    print(f"{code} {time.process_time() - start} {_most_megabytes()}")


def _most_megabytes() -> int:
    """Return the peak memory of this program alone: `getrusage` includes the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]))
