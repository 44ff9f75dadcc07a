"""Saving: together, before the answer however long it takes, and never silently not at all."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from localaws.persistence import Journal, NotSaved


def run_with(journal: Journal, *services: str) -> None:
    async def commit() -> None:
        journal.start()
        await asyncio.gather(*(journal.commit(service) for service in services))

    asyncio.run(commit())


def test_calls_at_the_same_time_share_a_save(tmp_path: Path) -> None:
    saves: list[int] = []
    journal = Journal(tmp_path)
    journal.add("one", lambda: saves.append(1) or {"n": len(saves)})
    run_with(journal, *["one"] * 50)
    assert len(saves) < 5
    assert json.loads((tmp_path / "one.json").read_text()) == {"n": len(saves)}
    assert journal.load("one") == {"n": len(saves)}
    assert journal.load("none") is None


def test_a_save_that_fails_fails_the_call(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add("bad", lambda: {"not": object()})
    with pytest.raises(NotSaved):
        run_with(journal, "bad")


def test_a_slow_save_is_waited_for_and_shared(tmp_path: Path) -> None:
    saves: list[int] = []

    def slow() -> dict[str, int]:
        time.sleep(0.1)
        saves.append(1)
        return {"n": len(saves)}

    journal = Journal(tmp_path)
    journal.add("slow", slow)

    async def commits() -> float:
        journal.start()
        await journal.commit("slow")
        begun = time.monotonic()
        await asyncio.gather(*(journal.commit("slow") for _ in range(20)))
        return time.monotonic() - begun

    assert asyncio.run(commits()) > 0.1
    assert json.loads((tmp_path / "slow.json").read_text()) == {"n": len(saves)}
    assert len(saves) == 2


def test_a_slow_save_holds_up_nobody_elses(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.add("slow", lambda: time.sleep(0.5) or {})
    journal.add("quick", dict)

    async def commits() -> list[str]:
        journal.start()
        await journal.commit("slow")
        done: list[str] = []

        async def commit(service: str) -> None:
            await journal.commit(service)
            done.append(service)

        slow = asyncio.create_task(commit("slow"))
        await asyncio.sleep(0)
        await commit("quick")
        await slow
        return done

    assert asyncio.run(commits()) == ["quick", "slow"]
