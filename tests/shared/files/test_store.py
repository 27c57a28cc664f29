"""A directory and a bucket of S3 behave alike."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from shared.files.store import FileStore, open_store, photo_of
from tests.shared.files.bucket import bucket

pytestmark = pytest.mark.anyio
ONE, TWO = UUID("019a0000-0000-7000-8000-000000000001"), UUID("019a0000-0000-7000-8000-000000000002")


@pytest.fixture(params=["directory", "bucket"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FileStore]:
    if request.param == "directory":
        yield open_store(str(tmp_path / "files"), "intake")
        return
    async with bucket() as address:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "cn-north-1",
            "AWS_ENDPOINT_URL": address, "AWS_ALLOW_HTTP": "true",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        yield open_store("s3://photos/city", "intake")


async def test_what_was_put_is_there_until_it_is_deleted(store: FileStore) -> None:
    await store.put(photo_of(ONE), b"one")
    await store.put(f"{ONE}/a.part", b"piece")
    await store.put(photo_of(TWO), b"two!")
    assert (await store.get(photo_of(ONE)), await store.size(photo_of(TWO))) == (b"one", 4)
    names = [name async for page in store.pages() for name in page]
    assert sorted(names) == sorted([photo_of(ONE), f"{ONE}/a.part", photo_of(TWO)])
    await store.delete_all(ONE)
    await store.delete([photo_of(ONE)])  # again
    assert await store.size(photo_of(ONE)) is None
    assert [name async for page in store.pages() for name in page] == [photo_of(TWO)]
    with pytest.raises(FileNotFoundError):
        await store.get(photo_of(ONE))


async def test_a_directory_is_made_when_something_is_put_and_is_its_owners_alone(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "files"), "intake")
    assert not (tmp_path / "files").exists()
    await store.put(photo_of(ONE), b"one")
    assert (tmp_path / "files" / "intake").stat().st_mode & 0o077 == 0
