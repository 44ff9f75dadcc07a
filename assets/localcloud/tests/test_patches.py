"""The pinned emulator has every name that is replaced or used."""

from __future__ import annotations

import pytest

from localaws import patches


def test_every_name_exists() -> None:
    assert patches.missing() == []


def test_a_missing_name_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = patches.Name("ministack.core.router", "no_such_name", "to see that it is missed")
    monkeypatch.setattr(patches, "USED", (*patches.USED, absent))
    monkeypatch.setattr(patches, "missing", lambda: [absent])
    with pytest.raises(
        patches.WrongEmulator, match=r"ministack\.core\.router\.no_such_name \(to see that it is missed"
    ):
        patches.check()


def test_only_what_is_listed_is_replaced() -> None:
    with pytest.raises(LookupError):
        patches.replace("ministack.core.router", "detect_service", lambda original: original)
