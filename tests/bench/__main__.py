"""`python -m tests.bench [--json] [--only a,b,…] [--quick]`: benches in turn, a table, and perhaps a last line of JSON.

Bounded in time, ratios within one run, nothing left running. docs/bench.md says what each figure means.
"""

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.telemetry import logs
from tests.bench import embedded, events, intake_path, overload, places, restructuring, street, trails, watch
from tests.bench.ground import Ground, standing
from tests.bench.machine import machine
from tests.bench.outcome import NotRun, Outcome

BENCHES: dict[str, tuple[str, Callable[[Ground], Outcome]]] = {
    "f": ("point to grid among 10,000", places.run),
    "g": ("trail verification", trails.run),
    "i": ("a county restructured", restructuring.run),
    "a": ("full intake path against a stock app", intake_path.run),
    "b": ("relay and consumer, events per second", events.run),
    "d": ("replay of the messages", embedded.replay),
    "c": ("report to inbox at half of peak", embedded.latency),
    "e": ("supervision: idle look, and many due at once", watch.run),
    "h": ("five times as much as it can take", overload.run),
    "j": ("a street's year, asked about past days", street.run),
}
"""In the order in which they run: short ones first, and (c) goes at half of the peak that (d) found."""
LATEST_START = 900.0
"""Seconds after which no bench is begun any more. On two quiet CPUs all take about seven minutes; a slow machine gets its
figures too, and a broken one no endless run."""
KEEP_EMBEDDED = ("c", "d", "h")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--only", default=",".join(BENCHES), help="letters, joined by commas")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, not how fast")
    arguments = parser.parse_args()
    wanted = [letter.strip() for letter in arguments.only.split(",")]
    if unknown := [letter for letter in wanted if letter not in BENCHES]:
        parser.error(f"no bench {', '.join(unknown)}; there are {', '.join(sorted(BENCHES))}")
    console, errors = Console(highlight=False), Console(stderr=True, highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=140)
    on, begun = machine(), time.monotonic()
    found: dict[str, Any] = {}
    failed = False

    def say(line: str) -> None:
        errors.print(f"{time.monotonic() - begun:6.1f} s  {escape(line)}", soft_wrap=True)

    table = Table("", "bench", "figure", "value", "unit", "aim", "", title=_title(on, quick=arguments.quick))
    table.columns[3].justify = "right"
    with standing(quick=arguments.quick, say=say) as ground, (ground.path / "bench.log").open("w") as log:
        logs.configure(log, level="warning")
        # As all of the platform's own processes do once they have started.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        for letter in (letter for letter in BENCHES if letter in wanted):
            title, run = BENCHES[letter]
            if time.monotonic() - begun > LATEST_START:
                found[letter] = {"title": title, "not_run": f"no time left; run it with --only {letter}"}
                table.add_row(letter, title, found[letter]["not_run"], end_section=True)
                continue
            say(f"({letter}) {title}")
            started = time.monotonic()
            if letter not in KEEP_EMBEDDED:
                ground.rest_embedded()
            if letter != "b":
                ground.rest_kafka()
            try:
                outcome = run(ground)
            except NotRun as missing:
                found[letter] = {"title": title, "not_run": str(missing)}
                table.add_row(letter, title, f"not run: {missing}", end_section=True)
                continue
            except Exception as error:
                failed = True
                errors.print_exception()
                found[letter] = {"title": title, "failed": f"{type(error).__name__}: {error}"}
                table.add_row(letter, title, f"failed: {type(error).__name__}", end_section=True)
                continue
            found[letter] = {"title": title, **outcome.as_json(), "seconds": round(time.monotonic() - started, 1)}
            _show(table, letter, title, outcome)
        say("stopping what was started")
    console.print(table)
    for letter, one in sorted(found.items()):
        for name in ("compares", "on"):
            if name in one:
                console.print(f"({letter}) {name}: {escape(one[name])}", soft_wrap=True)
        for note in one.get("notes", ()):
            console.print(f"({letter}) {escape(note)}", soft_wrap=True)
    console.print(f"{time.monotonic() - begun:.0f} s in all")
    if arguments.json:
        sys.stdout.flush()
        print(json.dumps({"machine": on, "quick": arguments.quick, "benches": dict(sorted(found.items()))}), flush=True)
    return 1 if failed else 0


def _title(on: dict[str, Any], *, quick: bool) -> str:
    small = " · QUICK: small sizes, no figures to quote" if quick else ""
    return f"{on['cpus']} CPUs ({on['cpu']}), load before {on['load_before']}, Python {on['python']}{small}"


def _show(table: Table, letter: str, title: str, outcome: Outcome) -> None:
    for number, figure in enumerate(outcome.figures):
        met = "" if figure.aim is None else "[green]met[/]" if figure.aim.met(figure.value) else "[red]missed[/]"
        table.add_row(
            *((letter, title) if number == 0 else ("", "")),
            figure.name,
            f"{figure.value:,}",
            figure.unit,
            str(figure.aim or ""),
            met,
            end_section=number == len(outcome.figures) - 1,
        )


if __name__ == "__main__":
    sys.exit(main())
