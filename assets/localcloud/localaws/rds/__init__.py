"""RDS: PostgreSQL and MariaDB really started, in AWS's states, with groups and snapshots.

`mysql` and `mariadb` are both MariaDB here; an instance reports the engine version that was asked for.
"""

from __future__ import annotations

from localaws.engines.control_plane import ControlPlane
from localaws.rds import store
from localaws.rds.operations import HANDLED
from localaws.rds.running import fleet
from localaws.rds.store import get_state, restore_state

__all__ = ["HANDLED", "get_state", "handle_request", "restore_state", "start", "stop"]

_plane = ControlPlane(HANDLED, fleet, store.lock)
handle_request, start, stop = _plane.handle_request, _plane.start, _plane.stop
