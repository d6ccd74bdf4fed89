"""`python -m campaigns.partner.sandbox --port 8001 --ledger sandbox.sqlite3`: no Django needed."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from campaigns.partner.sandbox import server


def main() -> int:
    parser = ArgumentParser(prog="python -m campaigns.partner.sandbox", description=__doc__)
    server.add_options(parser)
    parser.add_argument("--ledger", type=Path, required=True, help="the ledger's SQLite file")
    options = parser.parse_args()
    return server.serve(
        options.ledger, port=options.port, host=options.host, timeout=options.timeout
    )


if __name__ == "__main__":
    sys.exit(main())
