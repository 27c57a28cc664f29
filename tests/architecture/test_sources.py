"""Rules of the house that no linter knows: sizes, names, who commits, who sends, who asks for the time."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared import errors
from tests.architecture.sources import (
    PRODUCTION,
    calls,
    dotted,
    imports,
    layer_of,
    module_of,
    name_of,
    python_files,
    service_of,
    slice_files,
    tree,
)  # fmt: skip

WALL = 400
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base_service", "misc"}


def callers(wanted: Callable[[str], object], *folders: str) -> set[str]:
    return {name_of(file) for file in python_files(*folders) for name, _ in calls(file) if wanted(name)}


@pytest.mark.parametrize("folder", [*PRODUCTION, "tests"])
def test_no_file_is_longer_than_the_wall(folder: str) -> None:
    long = {
        name_of(file): lines
        for file in python_files(folder)
        if (lines := len(file.read_text("utf-8").splitlines())) > WALL
    }
    assert long == {}


def test_every_connection_to_kafka_is_secured_as_the_settings_say() -> None:
    clients, openers = ("AIOKafkaConsumer", "AIOKafkaProducer", "AIOKafkaAdminClient"), ("KafkaBus", "KafkaLog")
    found = {
        (name, name_of(file), tuple(ast.unparse(keyword) for keyword in call.keywords))
        for file in python_files(*PRODUCTION)
        for name, call in calls(file)
        if name in (*clients, *openers)
    }
    assert {name for name, _, _ in found} == {*clients, *openers}
    for name, file, keywords in found:
        if name in openers:
            assert any(keyword.startswith("security=") for keyword in keywords), f"{file}: {name} without security"
        else:
            assert {"**self._connection", "**self._settings"} & set(keywords), (
                f"{file}: {name} makes its own connection"
            )


def test_every_code_of_an_error_is_of_small_letters_digits_and_underscores() -> None:
    """Where a row or an exception is made with its code as a literal; rows check the others when they are made."""
    codes = {
        (name_of(file), call.args[0].value)
        for file in python_files(*PRODUCTION)
        for name, call in calls(file)
        if name.removesuffix(".row") in ERRORS and call.args and isinstance(call.args[0], ast.Constant)
    }
    assert len(codes) > 100
    assert {(file, code) for file, code in codes if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", str(code))} == set()


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {part for file in python_files(*PRODUCTION, "tests") for part in Path(name_of(file)).with_suffix("").parts}
    assert names & FORBIDDEN_NAMES == set()


def test_every_module_opens_with_what_it_is() -> None:
    bare = [
        name_of(file)
        for file in python_files(*PRODUCTION)
        if tree(file).body and not ast.get_docstring(tree(file)) and file.name != "__init__.py"
    ]
    assert bare == []


COMMITS = {
    "shared/db/unit_of_work.py": "the unit of work, and the bare transaction of relay and housekeeping",
    "shared/db/migrate.py": "a migration is a transaction of its own, before anything else runs",
}
SAVEPOINTS = {
    "shared/db/bulk.py": "a COPY that a key refuses is taken back, and an INSERT follows: nothing is committed"
}
OFFSETS = {
    "shared/bus/consumer.py": "the consumer commits the offset after the transaction",
    "shared/bus/kafka/consumer.py": "the same offset, on Kafka",
    "shared/bus/kafka/log.py": "offsets of a group that an operator moves",
}
"""A commit of an offset is no commit of a database."""


def test_only_the_unit_of_work_commits() -> None:
    found = callers(lambda name: re.search(r"\.(commit|begin|begin_nested)$", name), *PRODUCTION)
    assert found == COMMITS.keys() | OFFSETS.keys() | SAVEPOINTS.keys()


def test_only_the_bus_opens_transactions_of_the_driver() -> None:
    """The log on PostgreSQL is a broker: what it stores is no state of a service, and has no trail."""
    found = callers(lambda name: name.endswith(".transaction"), *PRODUCTION)
    assert found
    assert all(file.startswith("shared/bus/postgres") for file in found), found


SENDS = {
    "shared/db/outbox/relay.py": "the relay",
    "shared/bus/kafka/producer.py": "the bus itself",
    "gridgov/cli/dlq.py": "an operator's command opens the producer for the next one",
    "gridgov/operations/dead_letters.py": "a letter was committed and sent once; the operator sends it again as it is",
    "gridgov/operations/topic_copies.py": "a backup put back: messages that were sent before, into empty topics",
}


def test_only_the_relay_sends_and_operators_who_send_letters_again() -> None:
    found = callers(re.compile(r"(\.producer|producer\.send(_and_wait|_batch)?)$").search, *PRODUCTION)
    assert {"shared/db/outbox/relay.py"} <= found <= SENDS.keys()


CLOCKS = {
    "shared/clock.py": "the clock itself",
    "shared/telemetry/logs.py": "when a log line was written, whatever clock the service runs on",
    "shared/auth/keys.py": "compared with a file's time of change, which is the system's",
    "gridgov/replay/client.py": "a load generator measures real time",
}
_ASKS = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$")


def test_only_the_clock_asks_for_the_time() -> None:
    assert callers(_ASKS.search, *PRODUCTION) == CLOCKS.keys()


PLAIN = {
    "collections", "dataclasses", "datetime", "decimal", "enum", "functools", "itertools", "math", "operator", "re", "types", "typing", "uuid",
    "shapely", "unicodedata",
}  # fmt: skip
KNOWN = (
    "shared.errors", "shared.events", "shared.change", "shared.worktime", "shared.lifecycle", "shared.limits",
    "shared.units.passing", "shared.units.tree", "shared.auth.principal", "shared.personal_data", "shared.pinyin", "shared.spelling", "shared.clock",
)  # fmt: skip
"""What a domain file may know beside its own kind: arithmetic (of the clock: of local days; who may ask it for the time
holds `test_only_the_clock_asks_for_the_time`), and the public contract."""


def test_domain_code_imports_nothing_impure() -> None:
    """Time, ids and reference data are arguments."""
    domain = {module_of(file): file for file in slice_files() if layer_of(file) == "domain"}
    assert len(domain) > 10

    def allowed(module: str, service: str) -> bool:
        return (
            module.split(".", maxsplit=1)[0] in PLAIN
            or any(module == name or module.startswith(f"{name}.") for name in KNOWN)
            or module in domain
            or module == f"services.{service}.errors"
        )

    found = {(name_of(file), m) for file in domain.values() for m in imports(file) if not allowed(m, service_of(file))}
    assert found == set()


def test_domain_code_calls_nothing_impure() -> None:
    impure = re.compile(r"^(open|print|input|eval|exec|uuid4|uuid\.uuid[147])$")
    domain = [file for file in slice_files() if layer_of(file) == "domain"]
    assert {(name_of(file), name) for file in domain for name, _ in calls(file) if impure.match(name)} == set()


LAYERS = ("edge", "handler", "storage", "domain")
"""A slice from the outside in: api and sheet, handlers, store and reading, and the domain (everything else)."""


def test_in_a_slice_nothing_imports_what_lies_further_out() -> None:
    layers = {module_of(file): LAYERS.index(layer_of(file)) for file in slice_files()}
    found = {
        (name_of(file), imported)
        for file in slice_files()
        for imported in imports(file)
        if layers.get(imported, 99) < layers[module_of(file)]
    }
    assert found == set()


OPENED_LATE = {
    "create_async_engine", "create_engine", "open_engine", "open_patient_engine", "Settings", "FastAPI", "Starlette",
    "create_api", "PostgresBus", "KafkaBus", "Metrics", "CollectorRegistry", "AsyncExitStack", "SystemClock", "Relay",
    "EventConsumer", "Counter", "Gauge", "Histogram", "Summary", "Lock", "Queue", "getenv", "environ",
}  # fmt: skip
"""What a composition root opens and passes down; made while a module is read, two could not run in one process."""


def _at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """What runs when a module is read: all but the insides of functions, the bodies of classes included."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _at_import(statement.body)
        elif not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            stack: list[ast.AST] = [statement]
            while stack:
                node = stack.pop()
                yield node
                if not isinstance(node, ast.Lambda):
                    stack.extend(ast.iter_child_nodes(node))


def test_nothing_is_opened_while_a_module_is_read() -> None:
    found = {
        (name_of(file), dotted(node.func))
        for file in python_files(*PRODUCTION)
        for node in _at_import(tree(file).body)
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in OPENED_LATE
    }
    assert found == set()
