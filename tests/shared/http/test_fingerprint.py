"""The hash under an idempotency key: of what was sent, and the same for ever."""

import pytest

from shared.http.json_body import fingerprint, parse_json

SENT = '{"text": "路边井盖不见了", "channel": "hotline", "point": {"longitude": 113.05, "latitude": 28, "system": "WGS-84"}}'


def test_the_hash_of_a_body_is_golden() -> None:
    """Stored hashes are compared with it for ever: whoever must change this line breaks every retry in flight."""
    assert (
        fingerprint(parse_json(SENT.encode())).hex()
        == "10bf95f8f80ed89905d517914b7bc7dd4a988a8ce0aef61039881f05adfc191c"
    )


@pytest.mark.parametrize(
    "again",
    [
        '{"channel":"hotline","text":"路边井盖不见了","point":{"system":"WGS-84","latitude":28,"longitude":113.05}}',
        SENT.replace("路", "\\u8def").replace(": ", " :\n"),
        SENT.replace("113.05", "113.050"),
    ],
    ids=["other order", "other white space and escapes", "a trailing zero"],
)
def test_the_same_said_in_another_way_is_the_same(again: str) -> None:
    assert fingerprint(parse_json(again.encode())) == fingerprint(parse_json(SENT.encode()))


@pytest.mark.parametrize(
    "other",
    [
        SENT.replace("28", "28.0"),
        SENT.replace("28", '"28"'),
        SENT[:-1] + ', "title": null}',
        SENT.replace("井盖", "井蓋"),
    ],
    ids=["a decimal", "a text", "a field that says nothing", "another character"],
)
def test_what_says_something_else_is_another(other: str) -> None:
    assert fingerprint(parse_json(other.encode())) != fingerprint(parse_json(SENT.encode()))
