"""Redshift's control plane: clusters that are PostgreSQL servers, in AWS's states, with groups and snapshots."""

from __future__ import annotations

from localaws.engines.control_plane import ControlPlane
from localaws.redshift import store
from localaws.redshift.operations import HANDLED
from localaws.redshift.running import fleet
from localaws.redshift.store import get_state, restore_state

__all__ = ["HANDLED", "get_state", "handle_request", "restore_state", "start", "stop"]

_plane = ControlPlane(HANDLED, fleet, store.lock)
handle_request, start, stop = _plane.handle_request, _plane.start, _plane.stop
