"""What a document may be, and what it is called."""

import pytest

from shared.errors import Invalid
from shared.files.document import check_document, is_document, name_of_document


def test_a_pdf_is_one_by_its_two_ends() -> None:
    whole = b"%PDF-1.4\n" + bytes(5_000) + b"\n%%EOF\r\n"
    assert is_document(whole)
    check_document(whole)
    assert not is_document(b"PK\x03\x04%PDF-1.4")
    with pytest.raises(Invalid, match="document_unreadable"):
        check_document(whole[:-20])


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("会议纪要.PDF", "会议纪要.pdf"), ("C:\\文书\\验收.pdf", "验收.pdf"), ("../../etc/passwd", "passwd.pdf"), ("", "文件.pdf"),
        ("a\r\nset-cookie: b\u202e.pdf", "aset-cookie b.pdf"), ("长" * 300, f"{'长' * 100}.pdf"),
    ],
)  # fmt: skip
def test_its_name_is_only_a_name(told: str, name: str) -> None:
    assert name_of_document(told) == name
