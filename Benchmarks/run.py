"""Measures the optimised build and prints each figure beside what it aims at. Run by `make bench`."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import demo

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build" / "release"


def start_milliseconds(runs=25):
    """The median time of `slipway version` from start to end."""
    command = [BUILD / "slipway", "version"]
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def stripped_megabytes():
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(BUILD / "slipway", folder)
        subprocess.run(["strip", copy], check=True)
        return os.path.getsize(copy) / 1e6


def bench(*arguments):
    """What a run of slipway-bench printed, by name, and its peak memory in megabytes."""
    process = subprocess.Popen([BUILD / "slipway-bench", *arguments], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"slipway-bench {' '.join(arguments)} failed with {status}")
    figures = {line.split()[0]: float(line.split()[1]) for line in output.splitlines()}
    return figures, usage.ru_maxrss / 1000


def row(what, value, unit, aim):
    print(f"{what:<52} {value:>10.3f} {unit:<4} {aim}")


def main():
    print(f"{'figure':<52} {'measured':>10} {'':<4} aim")
    row("start of the binary (slipway version), median", start_milliseconds(), "ms", "under 20")
    row("size of the stripped binary", stripped_megabytes(), "MB", "under 30")
    for count, aim in [("1000", ""), ("10000", "under 0.5 s, 150 MB")]:
        runs = [bench("plan", count) for _ in range(3)]
        row(f"plan of {count} resources from state", statistics.median(r[0]["plan_seconds"] for r in runs), "s", aim)
        row("  peak memory, its making included", statistics.median(r[1] for r in runs), "MB", "")
    figures, _ = bench("apply", "300")
    row("apply of 300 resources", figures["apply_seconds"], "s", "")
    row("  calls a resource", figures["apply_calls_per_resource"], "", "at most 2.5")
    row("no-op plan of 300 resources", figures["noop_plan_seconds"], "s", "")
    row("  calls a resource", figures["noop_plan_calls_per_resource"], "", "at most 0.5")
    demo.measure(BUILD / "slipway", "tickit-warehouse", row)


if __name__ == "__main__":
    main()
