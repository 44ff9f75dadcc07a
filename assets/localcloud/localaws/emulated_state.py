"""What the emulator leaves out of the state that it saves, or saves in a way that grows without end."""

from __future__ import annotations

from typing import Any

from localaws import log_events
from localaws.s3 import uploads
from localaws.settings import Settings

_LOCKS = ("_object_retention", "_object_legal_hold")
"""S3's dictionaries that the emulator does not save."""


def state(name: str, module: Any) -> Any:
    """What to save of the emulator's module `name`."""
    if name == "cloudwatch_logs":
        return log_events.state()
    kept = module.get_state()
    if name == "s3":
        kept.update({one: getattr(module, one) for one in _LOCKS})
    elif name == "sts":
        kept = {"sessions": module._sessions}
    return kept


def load(name: str, module: Any, saved: Any, settings: Settings) -> None:
    """Give a module what was saved of it, if anything was."""
    if saved:
        module.load_persisted_state(saved)
    if name == "cloudwatch_logs":
        log_events.restore(settings.emulator_state / "log-events.jsonl")
    elif name == "s3":
        for one in _LOCKS:
            getattr(module, one).update((saved or {}).get(one, {}))
        uploads.restore(settings.uploads)
    elif name == "sts":
        module._sessions.update((saved or {}).get("sessions", {}))
