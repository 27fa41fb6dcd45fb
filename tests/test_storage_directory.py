from __future__ import annotations

from pathlib import Path

import pytest
from storage_contract import StorageContract

from publisher.storage.directory import DirectoryStorage


class TestDirectory(StorageContract):
    @pytest.fixture
    def storage(self, tmp_path: Path) -> DirectoryStorage:
        return DirectoryStorage(tmp_path / "public")
