"""Job bookmarks: which objects a job has read, by transformation context.

The runner puts the state of earlier runs into a file before the job begins and takes what `Job.commit` wrote.
"""

import json
import os

_file = os.environ.get("LOCALAWS_BOOKMARK", "")
_state = {}
_seen = {}
_option = "job-bookmark-disable"


def begin(option):
    """Begin with the state of earlier runs, as the job's option says."""
    global _option
    _option = option
    _state.clear()
    _seen.clear()
    if enabled() and os.path.exists(_file):
        with open(_file) as file:
            _state.update(json.load(file))


def enabled():
    """Whether bookmarks are heeded."""
    return _option in ("job-bookmark-enable", "job-bookmark-pause")


def fresh(context, objects):
    """Of (key, time) pairs, the keys not read before in this context; they count as read once committed."""
    if not enabled() or not context:
        return [key for key, _ in objects]
    kept = _state.get(context, {"until": 0, "keys": []})
    new = [
        (key, when)
        for key, when in objects
        if when > kept["until"] or (when == kept["until"] and key not in kept["keys"])
    ]
    if new:
        until = max(when for _, when in new)
        keys = [key for key, when in new if when == until]
        if until == kept["until"]:
            keys += kept["keys"]
        _seen[context] = {"until": until, "keys": keys}
    return [key for key, _ in new]


def commit():
    """Write down what was read, for the next run; a paused bookmark stays where it was."""
    if _option == "job-bookmark-enable" and _file:
        with open(os.path.splitext(_file)[0] + ".committed", "w") as file:
            json.dump({**_state, **_seen}, file)
