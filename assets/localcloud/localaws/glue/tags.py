"""Tags of Glue's resources."""

from __future__ import annotations

from localaws.glue.operation import Call, Operation, invalid, not_found
from localaws.glue.store import Record

_MOST = 50


def tag_resource(call: Call) -> Record:
    """TagResource."""
    kept = _tags(call)
    merged = {**kept, **call.input["TagsToAdd"]}
    if len(merged) > _MOST:
        raise invalid(f"A resource can have at most {_MOST} tags.")
    call.store.tags[call.input["ResourceArn"]] = merged
    return {}


def untag_resource(call: Call) -> Record:
    """UntagResource."""
    kept = _tags(call)
    for name in call.input["TagsToRemove"]:
        kept.pop(name, None)
    return {}


def get_tags(call: Call) -> Record:
    """GetTags."""
    return {"Tags": dict(_tags(call))}


def put(call: Call, resource: str, tags: dict[str, str] | None) -> None:
    """Keep the tags a resource is created with."""
    if tags:
        call.store.tags[call.arn(resource)] = dict(tags)


def drop(call: Call, resource: str) -> None:
    """Forget the tags of a resource that is deleted."""
    call.store.tags.pop(call.arn(resource), None)


def having(call: Call, kind: str, names: list[str]) -> list[str]:
    """The names whose resources have all the tags that a List operation asks for."""
    wanted: dict[str, str] = call.input.get("Tags") or {}
    kept = call.store.tags
    return [name for name in names if wanted.items() <= kept.get(call.arn(f"{kind}/{name}"), {}).items()]


def _tags(call: Call) -> dict[str, str]:
    kind, _, name = call.input["ResourceArn"].split(":", 5)[-1].partition("/")
    places = {
        "job": call.store.jobs,
        "crawler": call.store.crawlers,
        "trigger": call.store.triggers,
        "workflow": call.store.workflows,
        "connection": call.store.connections,
        "database": call.store.databases,
    }
    if kind not in places:
        raise invalid(f"Resources of this kind have no tags: {call.input['ResourceArn']}")
    if name not in places[kind]:
        raise not_found(f"Resource {call.input['ResourceArn']} not found.")
    return call.store.tags.setdefault(call.input["ResourceArn"], {})


OPERATIONS: dict[str, Operation] = {
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
    "GetTags": get_tags,
}
