"""How a database server is started by root, which every one of them refuses to run as.

As user `nobody` where that user can reach the program and the data; else in a user namespace in which root has
another number (a state or an environment under /root, which nobody may not enter). Not root: nothing to do.
"""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class NoWayDown(RuntimeError):
    """Root, and neither way to become somebody else works."""


@dataclass(frozen=True)
class Privileges:
    """What to put before a command and into Popen so that it does not run as root."""

    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    owner: tuple[int, int] | None = None
    """User and group that must own the data; None where they may stay with who made them."""

    def give(self, directory: Path) -> None:
        """Make everything in `directory` belong to who will run the server."""
        if self.owner is None:
            return
        for path in (directory, *directory.rglob("*")):
            os.chown(path, *self.owner, follow_symlinks=False)


def dropped(directory: Path, state: Path, program: Path) -> Privileges:
    """How to run `program` on `directory`, which lies below `state`.

    As root, the directories from `state` down to `directory` are opened (search only) for nobody's group.
    """
    if os.geteuid() != 0:
        return Privileges()
    nobody = pwd.getpwnam("nobody")
    if _reachable(program.resolve(), nobody) and _reachable(state.resolve().parent, nobody):
        for path in (directory.parent, *directory.parent.parents):
            if path == state.parent:
                break
            os.chown(path, -1, nobody.pw_gid)
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IXGRP)
        options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}
        return Privileges((), options, (nobody.pw_uid, nobody.pw_gid))
    if _namespaces():
        # setpriv: entering a namespace clears the signal that ends the engine with the server.
        return Privileges((*_UNSHARE, "setpriv", "--pdeathsig", "KILL"), {"cwd": "/"}, (os.getuid(), os.getgid()))
    raise NoWayDown(
        f"databases do not run as root, user nobody cannot reach {program} or {state}, and user namespaces are "
        "not allowed here; use a state directory and an environment that every user can enter, or another user"
    )


_UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@functools.cache
def _namespaces() -> bool:
    """Whether this machine lets us make user namespaces."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        return False
    return subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether `user` may enter each directory down to `path`, and `path` itself."""
    for one in (path, *path.parents):
        status = one.stat()
        if status.st_uid == user.pw_uid:
            needed = stat.S_IXUSR
        elif status.st_gid == user.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True
