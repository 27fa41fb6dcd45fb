from __future__ import annotations

import pytest
from memory import MemoryStorage
from storage_contract import StorageContract


class TestMemory(StorageContract):
    @pytest.fixture
    def storage(self) -> MemoryStorage:
        return MemoryStorage()
