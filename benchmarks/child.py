"""One run, in a process of its own: `python -m benchmarks.child MODULE.FUNCTION OPTIONS`.

The function prepares and returns what is to be timed. The last line printed is the run's figures.
"""

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path


def main(name: str, options: str) -> None:
    module, _, function = name.rpartition(".")
    timed = getattr(import_module(f"benchmarks.{module}"), function)(**json.loads(options))
    start = time.perf_counter()
    times = timed()
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds / (times or 1), "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """Return the most memory that this process held, in millions of bytes.

    `ru_maxrss` begins with what the parent held when it started this process; Linux's VmHWM doesn't.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main(*sys.argv[1:])
