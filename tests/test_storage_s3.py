from __future__ import annotations

import pytest
from s3_server import running_server, use_credentials
from storage_contract import StorageContract

from publisher.storage.s3 import S3Storage, open_s3

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch)


class TestS3(StorageContract):
    @pytest.fixture
    def storage(self) -> S3Storage:
        return open_s3(running_server().new_target())
