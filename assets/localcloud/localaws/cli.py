"""The command line: `python -m localaws up|env|status|down|reset`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from localaws import processes
from localaws.settings import (
    DEFAULT_ACCOUNT,
    DEFAULT_PORT,
    DEFAULT_REGION,
    Settings,
    load_identity,
    new_identity,
    save_identity,
)

_DEFAULT_STATE = Path.home() / ".local" / "share" / "slipway" / "local-aws"
_START_PATIENCE = 60.0
_LEFT = {"lock", "log"}
"""What a start that failed early leaves in a state's directory."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and answer its exit status."""
    options = _parser().parse_args(arguments)
    options.state = options.state.resolve()
    command = {"up": up, "env": env, "status": status, "down": down, "reset": reset}[options.command]
    return command(options)


def up(options: argparse.Namespace) -> int:
    """Start the server, or find the one that runs; print one line of JSON when it is ready."""
    if running := running_server(options.state):
        print(json.dumps(running))
        return 0
    if options.detach:
        return _detach(options)
    from localaws import server

    try:
        held = server.lock(options.state)
        server.serve(*_prepare(options), held)
    except (server.AlreadyRunning, OSError, RuntimeError) as error:
        return _fail(str(error))
    return 0


def env(options: argparse.Namespace) -> int:
    """Print exports that point every AWS SDK and CLI at the server."""
    running = running_server(options.state)
    if running is None:
        return _fail(f"no local AWS runs on {options.state}", "start it with: up")
    for name, value in environment(running).items():
        print(f"export {name}={value}")
    return 0


def status(options: argparse.Namespace) -> int:
    """Print what runs, as JSON; exit status 1 when nothing does."""
    running = running_server(options.state)
    identity = load_identity(options.state)
    shown: dict[str, Any] = {"running": running is not None, "state": str(options.state)}
    if identity:
        shown |= {"uuid": identity.uuid, "account": identity.account, "region": identity.region}
    if running:
        shown |= {key: running[key] for key in ("endpoint", "pid", "log")}
    print(json.dumps(shown))
    return 0 if running else 1


def down(options: argparse.Namespace) -> int:
    """Stop the server and all it started; one that does not run is stopped already."""
    running = running_server(options.state)
    if running:
        _end(int(running["pid"]))
    processes.sweep(options.state / "pids")
    return 0


def reset(options: argparse.Namespace) -> int:
    """Stop the server and wipe its state: the next start makes a new local AWS, with a new UUID."""
    if (
        load_identity(options.state) is None
        and options.state.exists()
        and {one.name for one in options.state.iterdir()} - _LEFT
    ):
        return _fail(f"{options.state} is not the state of a local AWS; nothing was removed")
    down(options)
    shutil.rmtree(options.state, ignore_errors=True)
    return 0


def running_server(state: Path) -> dict[str, Any] | None:
    """The record of the server that runs on this state, or None."""
    try:
        record: dict[str, Any] = json.loads((state / "server.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return record if processes.alive(int(record["pid"])) and _held(state) else None


def environment(record: dict[str, Any]) -> dict[str, str]:
    """The variables that point SDKs at a running server."""
    return {
        "AWS_ENDPOINT_URL": record["endpoint"],
        "AWS_ACCESS_KEY_ID": record["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": record["secret_access_key"],
        "AWS_REGION": record["region"],
        "AWS_DEFAULT_REGION": record["region"],
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _prepare(options: argparse.Namespace) -> tuple[Settings, Any]:
    identity = load_identity(options.state)
    wanted = options.port or (identity.port if identity else 0)
    port = wanted if wanted and _free(wanted) else 0
    if wanted and not port and options.port:
        raise SystemExit(_fail(f"port {wanted} is taken", "choose another with --port"))
    port = port or _choose_port()
    if identity is None:
        options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        identity = new_identity(options.account, options.region, port)
    if identity.port != port:
        from dataclasses import replace

        identity = replace(identity, port=port)
    save_identity(options.state, identity)
    settings = Settings(
        state=options.state,
        port=port,
        account=identity.account,
        region=identity.region,
        uuid=identity.uuid,
        access_key_id=identity.access_key_id,
        secret_access_key=identity.secret_access_key,
        faults=options.faults,
        fault_endpoint=options.fault_endpoint,
        minute=options.minute,
    )
    return settings, identity


def _detach(options: argparse.Namespace) -> int:
    """Start the server in a session of its own and wait until it says that it is ready."""
    command = [sys.executable, "-m", "localaws", "up", "--state", str(options.state)]
    command += ["--account", options.account, "--region", options.region]
    if options.port:
        command += ["--port", str(options.port)]
    if options.faults:
        command += ["--faults", str(options.faults)]
    if options.minute != 60:
        command += ["--minute", str(options.minute)]
    if options.fault_endpoint:
        command += ["--fault-endpoint"]
    options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = options.state / "log" / "start.log"
    log.parent.mkdir(exist_ok=True)
    with open(log, "wb") as output:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    deadline = time.monotonic() + _START_PATIENCE
    while time.monotonic() < deadline:
        if running := running_server(options.state):
            print(json.dumps(running))
            return 0
        if child.poll() is not None and not _held(options.state):  # else somebody else was quicker, and is starting
            return _fail("the local AWS did not start: " + log.read_text(errors="replace")[-2000:].strip())
        time.sleep(0.02)
    _end(child.pid)
    return _fail(f"the local AWS was not ready after {_START_PATIENCE:.0f} s", f"see {log}")


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 10
        while processes.alive(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        if processes.alive(pid):
            os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _held(state: Path) -> bool:
    """Whether some process holds the lock of this state."""
    import fcntl

    try:
        with open(state / "lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _choose_port() -> int:
    if _free(DEFAULT_PORT):
        return DEFAULT_PORT
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _fail(message: str, hint: str = "") -> int:
    print(f"error: {message}", file=sys.stderr)
    if hint:
        print(f"hint: {hint}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="localaws", description="A local AWS with real engines behind it.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, summary in (
        ("up", "start it, or find the one that runs"),
        ("env", "print shell exports for SDKs and the CLI"),
        ("status", "say what runs"),
        ("down", "stop it"),
        ("reset", "stop it and wipe its state"),
    ):
        command = commands.add_parser(name, help=summary, description=summary)
        command.add_argument("--state", type=Path, default=_DEFAULT_STATE, metavar="DIR", help="where its state lies")
        if name == "up":
            command.add_argument("--port", type=int, default=0, help=f"default: as before, or {DEFAULT_PORT}")
            command.add_argument("--detach", action="store_true", help="return when it is ready")
            command.add_argument("--account", default=DEFAULT_ACCOUNT, help="of a new local AWS")
            command.add_argument("--region", default=DEFAULT_REGION, help="of a new local AWS")
            command.add_argument("--faults", type=Path, metavar="FILE", help="fault rules, as JSON")
            command.add_argument(
                "--minute", type=float, default=60.0, help="seconds in a minute of timeouts, for tests"
            )
            command.add_argument("--fault-endpoint", action="store_true", help="let rules be changed over HTTP")
    return parser
