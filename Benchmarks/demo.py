"""Times `slipway up` of a stack on a local AWS of its own: per phase, cold of data and warm, with the calls to AWS."""

import json
import os
import subprocess
import tempfile
import time
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Tool:
    """The binary in a folder of its own, with a local AWS of its own."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | {
            "SLIPWAY_LOCAL": str(Path(folder) / "local"), "SLIPWAY_CACHE": str(ROOT / ".cache" / "localcloud")}

    def run(self, *arguments):
        """Events, number of calls and seconds of one command."""
        begin = time.perf_counter()
        result = subprocess.run([self.binary, *arguments], cwd=self.folder, env=self.environment, text=True,
                                capture_output=True, stdin=subprocess.DEVNULL, timeout=1800)
        took = time.perf_counter() - begin
        if result.returncode != 0:
            raise SystemExit(f"{' '.join(arguments)} ended with {result.returncode}\n{result.stderr[-4000:]}")
        events = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
        calls = sum(line.startswith("aws: ") for line in result.stderr.splitlines())
        return events, calls, took


def moment(event):
    return datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


def phases(events):
    """Seconds from the first operation to the last one's end, and of each task."""
    ended = [moment(event) for event in events if event["type"] == "ended"]
    started = [moment(event) for event in events if event["type"] == "started"]
    tasks = {event["task"]: event["seconds"] for event in events if event["type"] == "taskEnded"}
    resources = max(ended) - min(started) if ended else 0.0
    return resources, len(ended), tasks


def measure(binary, stack, row):
    """Prints the figures of one stack by `row(what, value, unit, aim)`."""
    with tempfile.TemporaryDirectory() as folder:
        tool = Tool(binary, folder)
        try:
            *_, took = tool.run("local", "up", "--json")
            row("start of the local AWS", took, "s", "under 2")
            for word, aim in (("first", ""), ("again", "under 75")):
                events, calls, took = tool.run("up", stack, "--local", "--yes", "--json", "--debug")
                resources, count, tasks = phases(events)
                row(f"up of {stack}, {word}", took, "s", aim)
                if count:
                    row(f"  its {count} resources", resources, "s", "")
                for task, seconds in tasks.items():
                    row(f"  {task}", seconds, "s", "")
                row("  calls to AWS", calls, "", "")
            events, calls, took = tool.run("down", stack, "--local", "--yes", "--json", "--debug")
            row(f"down of {stack}", took, "s", "")
            row("  calls to AWS", calls, "", "")
        finally:
            tool.run("local", "reset", "--yes", "--json")
