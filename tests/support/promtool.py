"""Prometheus' own programs (Debian: `apt install prometheus`). Without them the tests fail where CI is set, and are
skipped by name elsewhere."""

import os
import shutil

from tests.support.kafka import not_run


def require(program: str, package: str = "prometheus") -> str:
    """The path of `program`."""
    found = shutil.which(program)
    if found is None:
        not_run(f"{program} is missing: apt install {package}", in_ci=bool(os.environ.get("CI")))
    return found
