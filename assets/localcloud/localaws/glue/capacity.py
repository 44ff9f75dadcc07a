"""The capacity of a job or a run: what may be asked for together, and what follows from it.

Source: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html; the sentences of the errors were seen in
public reports (aws-sdk issues and Terraform's).
"""

from __future__ import annotations

from localaws.glue.operation import invalid
from localaws.glue.store import Record

DPU = {
    "Standard": 1.0,
    "G.025X": 0.25,
    **{f"{family}.{size}X": float(size) for family in ("G", "R", "Z") for size in (1, 2, 4, 8, 12, 16)},
}
"""Data processing units of one worker."""


def check(given: Record, command: str) -> None:
    """Raise InvalidInputException when members of `given` exclude each other or the command."""
    workers = "WorkerType" in given or "NumberOfWorkers" in given
    if "MaxCapacity" in given and "AllocatedCapacity" in given:
        raise invalid("Please set only Allocated Capacity or Max Capacity")
    if "MaxCapacity" in given and workers:
        raise invalid("Please do not set Max Capacity if using Worker Type and Number of Workers.")
    if "AllocatedCapacity" in given and workers:
        raise invalid("Please do not set Allocated Capacity if using Worker Type and Number of Workers.")
    if command == "pythonshell":
        if workers:
            raise invalid("Worker Type is not supported for Job Command pythonshell.")
        if given.get("MaxCapacity", 1) not in (0.0625, 1, 1.0):
            raise invalid("Max Capacity for pythonshell jobs must be 0.0625 or 1.")
        return
    if ("WorkerType" in given) != ("NumberOfWorkers" in given):
        raise invalid("Please set both Worker Type and Number of Workers.")
    if given.get("NumberOfWorkers", 1) < 1:
        raise invalid("Number of Workers must be at least 1.")
    if workers and given["WorkerType"] not in DPU:
        raise invalid(f"Worker type {given['WorkerType']} is not supported.")
    if command == "glueetl" and not workers and given.get("MaxCapacity", 2) < 2:
        raise invalid("Max Capacity for glueetl jobs must be at least 2.")


def settled(given: Record, command: str) -> Record:
    """The members about capacity that AWS answers for what was asked."""
    if "WorkerType" in given:
        most = DPU[given["WorkerType"]] * given["NumberOfWorkers"]
        members: Record = {"WorkerType": given["WorkerType"], "NumberOfWorkers": given["NumberOfWorkers"]}
    else:
        default = 0.0625 if command == "pythonshell" else 10.0
        most = float(given["MaxCapacity"] if "MaxCapacity" in given else given.get("AllocatedCapacity", default))
        members = {}
    return {**members, "MaxCapacity": most, "AllocatedCapacity": int(most)}
