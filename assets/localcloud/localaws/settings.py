"""What one local AWS is: where its state lies, its port, its account, region and own identity."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

DEFAULT_PORT = 4566
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class Settings:
    """Everything that is decided before the server starts. Each directory is below `state`."""

    state: Path
    port: int
    account: str
    region: str
    uuid: str
    access_key_id: str = ""
    secret_access_key: str = ""
    faults: Path | None = None
    """A file of fault rules read at start."""
    minute: float = 60.0
    """Seconds that a minute of a job's timeout or a schedule lasts; shorter in tests."""
    fault_endpoint: bool = False
    """Whether fault rules may be changed over HTTP while the server runs."""

    @property
    def endpoint(self) -> str:
        """The only address the server listens on."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.state / "log" / "server.log"

    @property
    def emulator_state(self) -> Path:
        """The emulator's own saved state."""
        return self.state / "emulator"

    @property
    def service_state(self) -> Path:
        """Saved state of the services of this package, one JSON file each."""
        return self.state / "services"

    @property
    def objects(self) -> Path:
        """Bodies of S3 objects."""
        return self.state / "s3"

    @property
    def uploads(self) -> Path:
        """Multipart uploads of S3 that are under way."""
        return self.state / "uploads"

    @property
    def engines(self) -> Path:
        """Data directories of databases: `engines/<service>/<identifier>`."""
        return self.state / "engines"

    @property
    def work(self) -> Path:
        """Temporary files of job runs, crawls and queries; emptied at each start."""
        return self.state / "work"

    @property
    def pids(self) -> Path:
        """One file for each child process, swept at each start."""
        return self.state / "pids"


@dataclass(frozen=True)
class Identity:
    """What makes a local AWS itself: kept in its state, so that a second start finds the same one."""

    uuid: str
    account: str
    region: str
    port: int
    access_key_id: str = ""
    secret_access_key: str = ""


def identity_file(state: Path) -> Path:
    """The file that holds the identity; readable by its owner alone, since it holds the admin's keys."""
    return state / "identity.json"


def load_identity(state: Path) -> Identity | None:
    """The identity of the local AWS in `state`, or None where there is none yet."""
    try:
        return Identity(**json.loads(identity_file(state).read_text()))
    except FileNotFoundError:
        return None


def save_identity(state: Path, identity: Identity) -> None:
    """Write the identity, atomically and for its owner alone."""
    write_private(identity_file(state), json.dumps(asdict(identity), indent=1))


def new_identity(account: str, region: str, port: int) -> Identity:
    """An identity for a local AWS that does not exist yet; its admin's keys are made at the first start."""
    return Identity(uuid=str(uuid.uuid4()), account=account, region=region, port=port)


def write_private(path: Path, text: str) -> None:
    """Replace a file atomically with one that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
