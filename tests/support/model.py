"""The category model for what tests start: trained once for this machine, by whoever needs it first. Each instance would
take four seconds of CPU for its own, which is the same one."""

import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from gridgov.local.locks import waiting

ROOT = Path(__file__).resolve().parents[2]
MADE_OF: Final = ("services/intake/classifier/*.py", "services/intake/data/*")
_TRAIN: Final = (
    "import sys, pathlib; from services.intake.classifier.base import load_or_train as t; t(pathlib.Path(sys.argv[1]))"
)


@cache
def trained() -> Path:
    """The directory that has it, named after what it is made of: another program trains another one."""
    files = [file for pattern in MADE_OF for file in sorted(ROOT.glob(pattern))]
    name = sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]
    place = ROOT / ".cache" / "models" / name
    place.mkdir(parents=True, exist_ok=True)
    with waiting(place.with_suffix(".lock")):
        if not any(place.glob("*.model")):
            subprocess.run([sys.executable, "-c", _TRAIN, place], cwd=ROOT, check=True, timeout=120)
    return place
