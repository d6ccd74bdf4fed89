"""A server that reads what it is sent, checks nothing, and answers with the next campaign ID.

It answers at once, or after the seconds given as its argument.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

BLOCK_BYTES = 1 << 20


class Handler(BaseHTTPRequestHandler):
    ids = count(1)
    seconds = 0.0

    def do_POST(self) -> None:
        left = int(self.headers["Content-Length"])
        while left:
            left -= len(self.rfile.read(min(left, BLOCK_BYTES)))
        time.sleep(self.seconds)
        answer = b'{"id": %d}' % next(self.ids)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_arguments: object) -> None:
        """Log nothing: writing a line for each request would be measured too."""


@contextmanager
def server(seconds: float = 0.0) -> Iterator[str]:
    """Run the server in a process of its own and give its address."""
    command = [sys.executable, "-m", "benchmarks.loopback", str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


if __name__ == "__main__":
    Handler.seconds = float(sys.argv[1])
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        print(listening.server_port, flush=True)
        listening.serve_forever()
