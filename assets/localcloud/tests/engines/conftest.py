from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from localaws.settings import Settings


@pytest.fixture
def open_settings() -> Iterator[Settings]:
    """A state below a directory that every user can enter, so that root becomes nobody."""
    state = Path(tempfile.mkdtemp(prefix="localaws-"))
    yield Settings(state=state, port=0, account="123456789012", region="us-east-1", uuid="0")
    shutil.rmtree(state, ignore_errors=True)


@pytest.fixture
def closed_settings(tmp_path: Path) -> Settings:
    """A state that only its owner can enter, so that root goes through a user namespace."""
    tmp_path.chmod(0o700)
    return Settings(state=tmp_path / "state", port=0, account="123456789012", region="us-east-1", uuid="0")
