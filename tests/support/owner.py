"""A stand-in for the platform's process: owns a private PostgreSQL until its stdin ends, or until it is killed.

Run as `python -m tests.support.owner STATE HOME`; prints one JSON line when the server is ready, or the error line.
"""

import json
import os
import signal
import sys
from pathlib import Path

from gridgov.local.errors import StartError
from gridgov.local.postgres import BlockingPostgres
from gridgov.local.state import StateDirectory


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an application that drains before it ends
    try:
        with (
            StateDirectory.open(Path(sys.argv[1])) as state,
            BlockingPostgres(state, homes=[Path(sys.argv[2])]) as server,
        ):
            print(
                json.dumps({"pid": os.getpid(), "postgres": server.pid, "dsn": server.dsn_of("postgres")}), flush=True
            )
            sys.stdin.read()
    except StartError as error:
        print(error.line, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
