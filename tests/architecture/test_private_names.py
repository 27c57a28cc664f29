"""The private names of libraries that we use: each is still there. A new version that drops one fails here, and says which."""

import inspect
import re

import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.producer import AIOKafkaProducer
from aiokafka.producer.sender import Sender
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tests.architecture.sources import PRODUCTION, ROOT, python_files

USED = {
    "_sender": AIOKafkaProducer,
    "sender_task": Sender,
    "_writer": AIOKafkaConnection,
    "_get_xf_index": Format,
    "_write_single_row": Worksheet,
    "_check_dimensions": Worksheet,
    "_start_asgi_task": HttpToolsProtocol,
}
"""Name → the class that has it, as a method or as something that its methods keep."""


@pytest.mark.parametrize("name", USED)
def test_the_name_is_there(name: str) -> None:
    assert hasattr(USED[name], name) or f"self.{name} = " in inspect.getsource(USED[name])


def test_no_other_is_used() -> None:
    """Those of our own classes say so."""
    lines = [line for file in python_files(*PRODUCTION) for line in file.read_text("utf-8").splitlines()]
    reached = [line for line in lines if "noqa: SLF001" in line and "its own" not in line]
    assert {name for line in reached for name in re.findall(r"\w\.(_[a-z]\w*)", line)} <= USED.keys()
    assert reached


@pytest.mark.parametrize("package", ["aiokafka", "uvicorn", "xlsxwriter"])
def test_the_package_is_pinned(package: str) -> None:
    assert re.search(rf"^{package}==", (ROOT / "requirements/runtime.txt").read_text("utf-8"), re.MULTILINE)
