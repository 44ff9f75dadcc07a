"""Runs that are under way: a thread each, which starts the program, follows its logs and settles its state."""

from __future__ import annotations

import logging
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from localaws import faults, memory, processes
from localaws.contract import AwsError, changed, role_session, settings
from localaws.glue import bookmarks, logs, maintenance, outcome, roles
from localaws.glue.operation import now
from localaws.glue.program import LaunchError, Program
from localaws.glue.store import Record, lock
from localaws.iam import sessions

log = logging.getLogger("localaws.glue")

ENDED = ("STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED")
"""States a run never leaves."""
OCCUPYING = ("STARTING", "RUNNING", "STOPPING")
"""States that count against a job's concurrency."""

ENDED_WITH_SERVER = "The local AWS ended while this was under way."
_underway: dict[str, Running] = {}
_ending = threading.Event()


class Running:
    """One run under way. Its record is in the store; everything here ends with the server."""

    def __init__(self, region: str, job: Record, run: Record, arguments: dict[str, str]) -> None:
        self.region = region
        self.job = job
        self.run = run
        self.arguments = arguments
        self.stopping = threading.Event()
        self.began = time.monotonic()
        self.directory: Path = settings().work / f"run-{run['Id']}"
        self.thread = threading.Thread(target=self._go, name=f"run-{run['Id'][:12]}", daemon=True)

    def seconds(self) -> int:
        """How long the program has run."""
        return int(time.monotonic() - self.began) if self.run["JobRunState"] != "STARTING" else 0

    def _go(self) -> None:
        try:
            state, message = self._execute()
        except (LaunchError, AwsError) as error:
            state, message = "FAILED", error.message if isinstance(error, AwsError) else str(error)
        except Exception as error:
            log.exception("run %s", self.run["Id"])
            state, message = "ERROR", f"{type(error).__name__}: {error}"
        shutil.rmtree(self.directory, ignore_errors=True)
        forced = faults.run_state(self.job["Name"])
        if forced and not self.stopping.is_set():
            state, message = forced
        with lock:
            when = now()
            self.run.update(JobRunState=state, CompletedOn=when, LastModifiedOn=when, ExecutionTime=self.seconds())
            if message:
                self.run["ErrorMessage"] = message[:2000]
            if self.run.get("ExecutionClass") == "FLEX" or self.arguments.get("--enable-auto-scaling") == "true":
                self.run["DPUSeconds"] = round(float(self.run["MaxCapacity"]) * self.run["ExecutionTime"], 1)
            _underway.pop(self.run["Id"], None)
            outcome.settled(self.region, self.job, self.run)
        changed("glue")
        memory.give_back()

    def _execute(self) -> tuple[str, str]:
        """Run the program to its end and answer the state it ends in, and why."""
        self.directory.mkdir(parents=True)
        try:
            credentials = role_session(roles.arn(self.job["Role"]), roles.PRINCIPAL, "GlueJobRunnerSession")
        except AwsError:
            return "FAILED", f"Role {self.job['Role']} should be given assume role permissions for Glue Service."
        output, errors = self.directory / "output.log", self.directory / "error.log"
        program = Program(
            settings(), self.region, self.job, self.run, self.arguments, credentials,
            sessions.client("s3", credentials, self.region), self.directory, errors, self.stopping,
        )  # fmt: skip
        streams = self._streams(sessions.client("logs", credentials, self.region), output, errors)
        try:
            command = program.prepare()
        except LaunchError:
            if self.stopping.is_set():
                return _broken_off()
            for stream in streams:
                stream.follow(last=True)
            raise
        bookmarks.write(self.region, self.job["Name"], self.arguments, self.directory / "bookmark.json")
        if self.stopping.is_set():
            return _broken_off()
        with open(output, "wb") as out, open(errors, "ab") as err:
            child = processes.spawn(
                settings().pids, command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                cwd=self.directory, env=program.environment(),
            )  # fmt: skip
        with lock:
            self.began = time.monotonic()
            self.run.update(JobRunState="RUNNING", LastModifiedOn=now())
        changed("glue")
        cause = self._watch(child, streams)
        status = processes.stop(settings().pids, child, signal_first=signal.SIGTERM, patience=1)
        if _ending.is_set():
            return "ERROR", ENDED_WITH_SERVER  # its port is closed: nobody takes the rest of the logs
        for stream in streams:
            stream.follow(last=True)
        if cause:
            return cause, ""
        if status == 0:
            bookmarks.read(self.region, self.job["Name"], self.run, self.directory / "bookmark.json")
            return "SUCCEEDED", ""
        if status < 0:
            return "ERROR", f"The program was ended by signal {-status} from outside."
        return "FAILED", failure(errors, output, status)

    def _watch(self, child: subprocess.Popen[bytes], streams: list[logs.Stream]) -> str:
        """Wait for the end of the program; the state that something else ends it in, or "" when it ended by itself."""
        minute = settings().minute
        limit = self.began + float(self.run.get("Timeout") or 10**9) * minute
        expiry = maintenance.minutes(self.run, self.job["Command"].get("Name", "glueetl"))
        expires = self.began + (10**9 if expiry is None else expiry) * minute
        follow_at = time.monotonic() + 1
        while child.poll() is None:
            if self.stopping.wait(0.05):
                return "STOPPED"
            if time.monotonic() > limit:
                return "TIMEOUT"
            if time.monotonic() > expires:
                return "EXPIRED"
            if time.monotonic() > follow_at:
                for stream in streams:
                    stream.follow()
                follow_at = time.monotonic() + 1
        return ""

    def _streams(self, client: object, output: Path, errors: Path) -> list[logs.Stream]:
        base = log_group(self.job, self.arguments)
        streams = [
            logs.Stream(client, output, f"{base}/output", self.run["Id"]),
            logs.Stream(client, errors, f"{base}/error", self.run["Id"]),
        ]
        if self.arguments.get("--enable-continuous-cloudwatch-log") == "true":
            group = self.arguments.get("--continuous-log-logGroup", f"{base}/logs-v2")
            prefix = self.arguments.get("--continuous-log-logStreamPrefix", self.run["Id"])
            streams.append(logs.Stream(client, errors, group, f"{prefix}-driver"))
        return streams


def _broken_off() -> tuple[str, str]:
    """The state of a run that was stopped before its program began, and why."""
    return ("ERROR", ENDED_WITH_SERVER) if _ending.is_set() else ("STOPPED", "")


def log_group(job: Record, arguments: dict[str, str]) -> str:
    """What the names of a run's log groups begin with."""
    if custom := arguments.get("--custom-logGroup-prefix"):
        return custom
    return "/aws-glue/python-jobs" if job["Command"].get("Name") == "pythonshell" else "/aws-glue/jobs"


def launch(region: str, job: Record, run: Record, arguments: dict[str, str]) -> None:
    """Start a run whose record is in the store."""
    running = Running(region, job, run, arguments)
    _underway[run["Id"]] = running
    running.thread.start()


def underway(run_id: str) -> Running | None:
    """The run under way with this id."""
    return _underway.get(run_id)


def stop_all() -> None:
    """End every run, since the server ends; their records say so."""
    _ending.set()
    runs = list(_underway.values())
    for running in runs:
        running.stopping.set()
    for running in runs:
        running.thread.join(1.5)


def failure(errors: Path, output: Path, status: int) -> str:
    """The ErrorMessage of a failed program: the last exception it printed."""
    text = errors.read_text(errors="replace")[-200_000:] + "\n" + output.read_text(errors="replace")[-50_000:]
    last = _raised(text)
    if not last:
        return f"Command failed with exit code {status}"
    refused = re.search(r"[^\n]{0,200}(AccessDenied|Forbidden|not authorized to perform)[^\n]{0,300}", text)
    short = re.sub(r"^(\w+\.)+(?=[A-Z]\w+(:|$))", "", last)
    return f"{short} | {refused[0].strip()}" if refused and refused[0].strip() not in last else short


def _raised(text: str) -> str:
    """The line that ends the last traceback, or the last line that looks like an exception."""
    _, found, rest = text.rpartition("Traceback (most recent call last):\n")
    if found:
        lines = rest.splitlines()
        for place, line in enumerate(lines):
            if line and not line[0].isspace():
                told = [one.strip() for one in lines[place + 1 : place + 4] if one.strip()]
                return " ".join([line, *told]) if line.rstrip().endswith(":") else line
    lines = [line for line in text.splitlines() if re.match(r"^(\w+\.)*\w*(Error|Exception)(:|$)", line)]
    return lines[-1] if lines else ""
