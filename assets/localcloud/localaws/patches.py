"""Every name of the pinned emulator that this package replaces or reaches into, and the check that each exists.

The emulator's private names are used on purpose: authentication and IAM are done once, in its dispatcher, for all
services. Its version is pinned exactly, and `check` fails at start, naming what is missing, before a wrong version
could run with authentication half patched.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PINNED = "1.5.33"
"""The version of ministack all of this was written against."""


@dataclass(frozen=True)
class Name:
    """A name in the emulator that must exist."""

    module: str
    name: str
    why: str


REPLACED = (
    Name("ministack.core.iam_evaluator", "is_root_access_key", "several keys would be root without a signature"),
    Name("ministack.core.iam_evaluator", "_is_root_key", "as above"),
    Name("ministack.services.sts", "is_root_access_key", "as above"),
    Name("ministack.core.iam_actions", "extract_resource_arn", "Glue's ARNs are wrong; Redshift's are missing"),
    Name("ministack.core.router", "_KNOWN_AWS_SERVICE_NAMES", "an unknown name would load every botocore model"),
    Name("ministack.services.s3", "_read_body", "large objects would be read into memory whole"),
    Name("ministack.services.s3", "handle_request", "policies are not checked, uploads under way not saved"),
    Name("ministack.services.cloudwatch_logs", "_append_log_events", "every event would be saved with each call"),
    Name("ministack.services.ec2", "_parse_ip_permissions", "prefix lists are not read"),
)
"""What is assigned to."""

USED = (
    Name("ministack.app", "SERVICE_HANDLERS", "our handlers are put here"),
    Name("ministack.app", "_dispatch_service_request", "the dispatcher that authenticates and authorises"),
    Name("ministack.app", "_handle_s3_vhost_request", "S3 by host name"),
    Name("ministack.app", "_extract_s3_vhost_bucket", "as above"),
    Name("ministack.services.s3", "format_head_response", "S3's answers to HEAD"),
    Name("ministack.services.s3", "_object_disk_path", "where an object's file lies"),
    Name("ministack.services.s3", "_ensure_bucket", "whether it is the bucket that is missing"),
    Name("ministack.services.s3", "_object_tagging_count_header", "how many tags an object has"),
    Name("ministack.app", "_MAIN_LOOP", "where the emulator's threads find the event loop"),
    Name("ministack.app", "_decode_aws_chunked_body", "chunked uploads"),
    Name("ministack.app", "_asgi_header_list", "answering"),
    Name("ministack.app", "_get_module", "the services' modules"),
    Name("ministack.app", "_state_map", "which file holds which service"),
    Name("ministack.app", "_routing_params", "which service a request is for"),
    Name("ministack.app", "_IncompleteRequestBody", "as for chunked uploads"),
    Name("ministack.app", "SERVICE_REGISTRY", "which module holds which service"),
    Name("ministack.app", "_loaded_modules", "what is to be saved"),
    Name("ministack.core.persistence", "_json_default", "saving one service"),
    Name("ministack.core.persistence", "_state_format_version", "saving one service"),
    Name("ministack.core.persistence", "STATE_DIR", "saving one service"),
    Name("ministack.core.persistence", "load_state", "loading one service"),
    Name("ministack.core.iam_actions", "SERVICE_TO_IAM_NAMESPACE", "IAM for the services added"),
    Name("ministack.core.iam_actions", "_SERVICE_PROTOCOL", "refusals in the right protocol"),
    Name("ministack.core.iam_actions", "_QUERY_XML_NS", "as above"),
    Name("ministack.core.iam_actions", "identity_denial_message", "AWS's sentence for a refusal"),
    Name("ministack.core.iam_evaluator", "evaluate", "policies for calls without a request"),
    Name("ministack.core.iam_evaluator", "EvalContext", "as above"),
    Name("ministack.core.iam_evaluator", "_gather_role_policies", "as above"),
    Name("ministack.core.iam_evaluator", "_gather_user_policies", "as above"),
    Name("ministack.core.iam_evaluator", "_permissions_boundary", "as above"),
    Name("ministack.core.iam_evaluator", "_resource_policy", "bucket policies and the like"),
    Name("ministack.core.iam_evaluator", "combine_resource_policy", "as above"),
    Name("ministack.core.iam_evaluator", "caller_arn", "who calls"),
    Name("ministack.core.iam_evaluator", "enforce", "further permissions of the caller, such as iam:PassRole"),
    Name("ministack.core.iam_evaluator", "_verified_key", "which key signed the request"),
    Name("ministack.core.iam_evaluator", "resolve_credential", "who calls"),
    Name("ministack.core.iam_evaluator", "pin_signed_request", "verifying signatures"),
    Name("ministack.core.iam_evaluator", "pin_signed_body", "verifying signatures"),
    Name("ministack.core.iam_evaluator", "pin_request_origin", "conditions on the caller's address"),
    Name("ministack.core.responses", "set_request_account_id", "the request's account"),
    Name("ministack.core.responses", "set_request_region", "the request's region"),
    Name("ministack.services.sts", "register_session", "sessions that services open"),
    Name("ministack.services.sts", "_sessions", "as above"),
    Name("ministack.services.iam", "_roles", "roles and their trust"),
    Name("ministack.services.cloudwatch_logs", "_log_groups", "pages of FilterLogEvents"),
    Name("ministack.services.cloudwatch_logs", "_compile_filter_pattern", "as above"),
    Name("ministack.services.cloudwatch_logs", "_log_records", "the index of events after a start"),
    Name("ministack.services.cloudwatch_logs", "_build_log_record", "as above"),
    Name("ministack.services.cloudwatch_logs", "_destinations", "saving what is not events"),
    Name("ministack.services.cloudwatch_logs", "_resource_policies", "saving what is not events"),
    Name("ministack.services.cloudwatch_logs", "_log_group_policies", "saving what is not events"),
    Name("ministack.services.cloudwatch_logs", "_metric_filters", "saving what is not events"),
    Name("ministack.services.cloudwatch_logs", "_queries", "saving what is not events"),
    Name("ministack.services.cloudwatch_logs", "_delivery_sources", "saving what is not events"),
    Name("ministack.services.cloudwatch_logs", "_delivery_destinations", "saving what is not events"),
    Name("ministack.services.cloudwatch_logs", "_deliveries", "saving what is not events"),
    Name("ministack.services.s3", "_multipart_uploads", "saving uploads under way"),
    Name("ministack.services.s3", "_object_retention", "saving locks of objects"),
    Name("ministack.services.s3", "_object_legal_hold", "saving locks of objects"),
    Name("ministack.services.ec2", "_security_groups", "rules that are there already"),
    Name("ministack.services.ec2", "_rules_match", "as above"),
    Name("ministack.services.iam", "_policies", "versions of managed policies"),
    Name("ministack.services.iam", "_users", "the policies of users"),
    Name("ministack.services.iam", "_aws_managed_policies", "AWS's managed policies"),
)
"""What is read or called."""


class WrongEmulator(RuntimeError):
    """The emulator that is installed is not the one this package was written against."""


def missing(names: tuple[Name, ...] = REPLACED + USED) -> list[Name]:
    """The names that the installed emulator does not have."""
    return [name for name in names if not hasattr(importlib.import_module(name.module), name.name)]


def check() -> None:
    """Raise WrongEmulator, saying what differs, unless the emulator is the pinned one and has every name."""
    version = importlib.metadata.version("ministack")
    absent = missing()
    if absent:
        names = ", ".join(f"{name.module}.{name.name} ({name.why})" for name in absent)
        raise WrongEmulator(f"ministack {version} lacks what is replaced or used here: {names}. Install {PINNED}.")
    if version != PINNED:
        raise WrongEmulator(f"ministack {version} is installed, {PINNED} is needed: parts are replaced by name.")


def replace(module: str, name: str, make: Callable[[Any], Any]) -> None:
    """Assign a name of `REPLACED`; `make` gets what was there."""
    if not any(one.module == module and one.name == name for one in REPLACED):
        raise LookupError(f"{module}.{name} is not listed in REPLACED")
    target = importlib.import_module(module)
    setattr(target, name, make(getattr(target, name)))


def close_root() -> None:
    """Nobody is root.

    The emulator takes "", "test", the configured key and any twelve digits for the root user and checks no signature
    for them. Here every request needs a key that IAM or STS issued.
    """
    for module in ("ministack.core.iam_evaluator", "ministack.services.sts"):
        replace(module, "is_root_access_key", lambda _: _nobody)
    replace("ministack.core.iam_evaluator", "_is_root_key", lambda _: _nobody)


def name_services(names: frozenset[str]) -> None:
    """Tell the emulator's router which further services exist, lest it load all of botocore to find out."""
    replace("ministack.core.router", "_KNOWN_AWS_SERVICE_NAMES", lambda _: names)


def _nobody(_access_key_id: str) -> bool:
    return False
