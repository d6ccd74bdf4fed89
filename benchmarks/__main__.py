"""Print seconds, ratios and peak memory of the portal, beside what each is held to (`make bench`)."""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data, databases, loopback, stages, submitting, workers
from benchmarks.databases import Environment
from benchmarks.running import Contender, compare, run
from tests import valkey

XLSX_ROWS = 100_000
PEER_ROWS = 50_000
CHECKED_ROWS = 50_000
GUARDED_NUMBERS, GUARDED_DELIVERIES = 10_000, 20
# How long a partner may take to store a campaign of GUARDED_NUMBERS numbers.
PARTNER_SECONDS = 0.5

Database = Callable[[], AbstractContextManager[Environment]]


@dataclass(frozen=True, slots=True)
class Options:
    count: int
    repeats: int
    folder: Path

    def rows(self) -> str:
        return f"{self.count:,} rows"


def imports(options: Options) -> None:
    mixed, clean = options.folder / "mixed.csv", options.folder / "clean.csv"
    workbook = options.folder / "mixed.xlsx"
    data.write_csv(mixed, options.count)
    data.write_csv(clean, options.count, clean=True)
    data.write_xlsx(workbook, XLSX_ROWS)
    with databases.sqlite() as env:
        xlsx = Contender("import", "importing.portal", {"path": str(workbook)}, env)
        compare(f"XLSX -> checked -> stored in SQLite, {XLSX_ROWS:,} rows", [xlsx], options.repeats)
    for name, database in _databases():
        with database() as env:
            contenders = [
                Contender(
                    "import", "importing.portal", {"path": str(mixed)}, env, "<= 1.6, < 250 MB"
                ),
                Contender(
                    "bare loop of csv.reader and the same inserts",
                    "importing.bare_loop",
                    {"path": str(clean)},
                    env,
                ),
            ]
            compare(
                f"CSV -> checked -> stored in {name}, {options.rows()}", contenders, options.repeats
            )


def peers(options: Options) -> None:
    rows = min(PEER_ROWS, options.count)
    mixed = options.folder / "peer.csv"
    data.write_csv(mixed, rows)
    about = {"path": str(mixed)}
    with databases.sqlite() as env:
        contenders = [
            Contender("django-import-export, tuned", "peer.import_export", about, env, ">= 15"),
            Contender("import", "importing.portal", about, env),
        ]
        compare(f"CSV -> checked -> stored in SQLite, {rows:,} rows", contenders, options.repeats)


def freezes(options: Options) -> None:
    mixed = options.folder / "mixed.csv"
    data.write_csv(mixed, options.count)
    for name, database in _databases():
        with database() as env:
            run("freezing.prepare", {"path": str(mixed)}, env)
            contenders = [
                Contender("freeze and hash", "freezing.portal", {}, env, "<= 2.0, < 200 MB"),
                Contender(
                    "read the same rows, dump with orjson", "freezing.read_and_dump", {}, env
                ),
            ]
            compare(
                f"Contacts in {name} -> frozen body, list of {options.rows()}",
                contenders,
                options.repeats,
            )


def preflights(options: Options) -> None:
    mixed = options.folder / "checked.csv"
    data.write_csv(mixed, CHECKED_ROWS)
    for name, database in _databases():
        with database() as env:
            run("checking.prepare", {"path": str(mixed)}, env)
            contenders = [
                Contender("first save, nothing counted yet", "checking.first_save", {}, env),
                Contender("every save", "checking.every_save", {}, env, "< 1 second"),
            ]
            compare(
                f"Save and pre-flight of a draft in {name}, two lists of {CHECKED_ROWS:,} rows",
                contenders,
                options.repeats,
            )


def deliveries(options: Options) -> None:
    about = {"path": str(options.folder / "frozen.txt")}
    with databases.sqlite() as env, loopback.server() as url:
        run("delivering.frozen", {**about, "count": options.count}, env)
        posted = {**about, "url": url}
        contenders = [
            Contender("post from storage", "delivering.from_storage", posted, env),
            Contender(
                "requests.post of the same bytes in memory", "delivering.bare_post", posted, env
            ),
        ]
        compare(
            f"Frozen body of {options.count:,} numbers -> a bare server",
            contenders,
            options.repeats,
        )


def guards(options: Options) -> None:
    """Deliver to a bare server that answers at once, to one as slow as a partner, and to the sandbox.

    The bare server checks nothing; the sandbox reads, checks and echoes everything.
    """
    mixed = options.folder / "ten-thousand.csv"
    data.write_csv(mixed, GUARDED_NUMBERS)
    for name, database in _databases():
        with database() as env, loopback.server() as url:
            _guards(options, f"{name}, to a bare server", env, url, mixed)
        with database() as env, loopback.server(PARTNER_SECONDS) as url:
            title = f"{name}, to a bare server that takes {PARTNER_SECONDS} s to answer"
            _guards(options, title, env, url, mixed)
        with database() as env, workers.sandbox(env) as url:
            title = f"{name}, to the sandbox partner"
            _guards(options, title, env, url, mixed, is_sandbox=True)


def _guards(
    options: Options,
    title: str,
    env: Environment,
    url: str,
    mixed: Path,
    *,
    is_sandbox: bool = False,
) -> None:
    took = options.folder / f"{title}.jsonl"
    posted = {
        "path": str(options.folder / "guarded.txt"),
        "url": url,
        "times": GUARDED_DELIVERIES,
    }
    told = {**posted, "csv_path": str(mixed), "stages_path": str(took), "is_sandbox": is_sandbox}
    contenders = [
        Contender("delivery with its guards", "delivering.guarded", told, env, "< 1.2"),
        Contender("bare requests.post", "delivering.bare_post", posted, env),
    ]
    about = f"One delivery of {GUARDED_NUMBERS:,} numbers, its state in {title}"
    compare(about, contenders, options.repeats)
    stages.show_stages(stages.read(took))


def campaigns(options: Options) -> None:
    """Deliver campaigns of one number each with the worker's four processes, in a single run."""
    if not (databases.has_postgresql() and valkey.is_there()):
        print("\nNo campaigns: there is no PostgreSQL or no Valkey for this platform.")
        return
    count = min(submitting.MOST, options.count)
    report = options.folder / "campaigns.json"
    with databases.postgresql() as plain, workers.broker(plain) as env, workers.sandbox(env) as url:
        about = {"url": url, "count": count}
        prepared = run("submitting.prepare", about, env)
        with workers.deliveries(env) as found:
            run("submitting.deliver", {**about, "report": str(report)}, env)
        # The last line is whole once the worker has ended.
        took = stages.read(found)
    stages.show(count, prepared.seconds, json.loads(report.read_text()), took)


def _databases() -> Iterator[tuple[str, Database]]:
    yield "SQLite", databases.sqlite
    if databases.has_postgresql():
        yield "PostgreSQL", databases.postgresql


SUITES: dict[str, Callable[[Options], None]] = {
    "import": imports,
    "peer": peers,
    "freeze": freezes,
    "preflight": preflights,
    "deliver": deliveries,
    "guards": guards,
    "campaigns": campaigns,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000_000, help="rows (%(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each (%(default)s)")
    parser.add_argument("--only", choices=SUITES, action="append", help="leave out the others")
    given = parser.parse_args()
    print("Medians; a ratio is to the last line of its table. Nothing here passes or fails.")
    with tempfile.TemporaryDirectory(prefix="portal-bench-files-") as folder:
        options = Options(given.count, given.repeats, Path(folder))
        for name in given.only or SUITES:
            SUITES[name](options)


if __name__ == "__main__":
    main()
