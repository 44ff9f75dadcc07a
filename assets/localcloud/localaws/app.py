"""The composition: the pinned emulator, our services inside its dispatcher, and the server around them."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import logging
import shutil
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

from localaws import corrections, emulated_state, emulator, faults, front, log_events, patches, processes
from localaws.contract import AwsError, Response, caller, check_caller, json_error, query_error
from localaws.iam import passing, resources
from localaws.persistence import Journal
from localaws.settings import Identity, Settings, save_identity

log = logging.getLogger("localaws")


@dataclass(frozen=True)
class Registration:
    """A service of this package: its module, and what the emulator's router and IAM must know of it."""

    service: str
    module: str
    protocol: str
    """`json` or `query`."""
    namespace: str = ""
    """XML namespace of the query protocol."""


SERVICES = (
    Registration("glue", "localaws.glue", "json"),
    Registration("athena", "localaws.athena", "json"),
    Registration("redshift", "localaws.redshift", "query", "http://redshift.amazonaws.com/doc/2012-12-01/"),
    Registration("redshift-data", "localaws.redshift.data_api", "json"),
    Registration("rds", "localaws.rds", "query", "http://rds.amazonaws.com/doc/2014-10-31/"),
)


@dataclass
class App:
    """The running local AWS."""

    settings: Settings
    identity: Identity
    journal: Journal
    front: front.Front
    modules: dict[str, ModuleType] = field(default_factory=dict)


_THREADS = 64
"""Of handlers that block: a query may wait for S3, Glue and Secrets Manager, which are this same process."""
_current: App | None = None


def current() -> App:
    """The local AWS of this process."""
    if _current is None:
        raise RuntimeError("no local AWS runs in this process")
    return _current


def build(settings: Settings, identity: Identity) -> App:
    """Put everything together; nothing listens yet."""
    global _current
    emulator.configure(settings)
    patches.check()
    patches.close_root()
    patches.name_services(frozenset(one.service for one in SERVICES))
    from localaws.iam import managed
    from localaws.s3 import bodies

    patches.replace("ministack.core.iam_actions", "extract_resource_arn", resources.extended)
    patches.replace("ministack.services.s3", "_read_body", bodies.mapping_reader)
    patches.replace("ministack.services.cloudwatch_logs", "_append_log_events", log_events.noting)
    patches.replace("ministack.services.ec2", "_parse_ip_permissions", corrections.with_prefix_lists)
    managed.seed()
    faults.load(settings.faults)
    journal = Journal(settings.service_state)
    application = App(
        settings,
        identity,
        journal,
        front.Front(settings.account, journal, settings.work, fault_endpoint=settings.fault_endpoint),
    )
    application.front.on_start = lambda: _start(application)
    application.front.on_stop = lambda: _stop(application)
    _register(application)
    _current = application
    return application


def _register(application: App) -> None:
    """Put our handlers into the dispatcher and take out the emulator's that are not wanted."""
    import ministack.app as ms
    from ministack.core import iam_actions

    from localaws.iam import documents, paging
    from localaws.s3 import uploads

    for name in [name for name in ms.SERVICE_HANDLERS if name not in emulator.EMULATED]:
        del ms.SERVICE_HANDLERS[name]
    for name, extend in (
        ("iam", paging.extended),
        ("iam", documents.checking),
        ("iam", corrections.iam),
        ("logs", corrections.logs),
        ("secretsmanager", corrections.secretsmanager),
        ("ec2", corrections.ec2),
    ):
        ms.SERVICE_HANDLERS[name] = extend(ms.SERVICE_HANDLERS[name])
    # Of the module itself: a bucket named by the host does not come through the table of handlers.
    for extend in (corrections.s3, lambda handler: uploads.kept(handler, application.settings.uploads)):
        patches.replace("ministack.services.s3", "handle_request", extend)
    for one in SERVICES:
        iam_actions.SERVICE_TO_IAM_NAMESPACE[one.service] = one.service
        if one.protocol == "query":
            iam_actions._SERVICE_PROTOCOL[one.service] = "query-xml"
            iam_actions._QUERY_XML_NS[one.service] = one.namespace
        module = _module(one.module)
        if module is None:
            continue
        application.modules[one.service] = module
        ms.SERVICE_HANDLERS[one.service] = _handler(one, module)


def _module(name: str) -> ModuleType | None:
    """A service's module, or None where it is not there yet."""
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        found = None
    return importlib.import_module(name) if found else None


def _handler(one: Registration, module: ModuleType) -> Callable[..., Awaitable[Response]]:
    def on_error(error: AwsError) -> Response:
        return json_error(error) if one.protocol == "json" else query_error(error, one.namespace)

    async def answer(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        operation = front.operation_of(headers, body, query)
        if operation not in module.HANDLED:
            if one.protocol == "query":
                raise AwsError("InvalidAction", f"The action {operation} is not valid for this web service.")
            raise AwsError("UnknownOperationException", f"Unknown operation: {operation}")
        passing.check(one.service, headers, body, operation)
        if one.service == "glue":
            check_parents(operation, body)
        response: Response = await module.handle_request(method, path, headers, body, query)
        return response

    async def handle(*request: Any) -> Response:
        return await front.protocol_errors(answer(*request), on_error)

    return handle


def check_parents(operation: str, body: bytes) -> None:
    """Raise AccessDenied unless the caller may do the same on the database and the catalogue around a table."""
    who = caller()
    arn = resources.glue_arn(operation, resources.json_fields(body), who.region, who.account)
    for parent in resources.glue_parents(arn):
        try:
            check_caller(f"glue:{operation}", parent)
        except AwsError as error:
            raise AwsError("AccessDeniedException", error.message) from None


async def _start(application: App) -> None:
    """Restore state, start engines, make the administrator."""
    import ministack.app as ms

    settings = application.settings
    processes.sweep(settings.pids, log.info)
    shutil.rmtree(settings.work, ignore_errors=True)
    settings.work.mkdir(parents=True, exist_ok=True)
    ms._MAIN_LOOP = asyncio.get_running_loop()
    ms._MAIN_LOOP.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="handler"))
    _load_emulated(settings)
    application.journal.start()
    for service, module in application.modules.items():
        if hasattr(module, "get_state"):
            application.journal.add(service, module.get_state)
            state = application.journal.load(service)
            if state is not None:
                module.restore_state(state)
    for module in application.modules.values():
        if hasattr(module, "start"):
            await module.start(settings)
    if not application.identity.access_key_id:
        from localaws.iam import admin

        key, secret = await admin.make_admin()
        await application.journal.commit("iam")
        application.identity = replace(application.identity, access_key_id=key, secret_access_key=secret)
        save_identity(settings.state, application.identity)


def _load_emulated(settings: Settings) -> None:
    """Load the emulator's saved state for the services that are used; the others are never imported."""
    import ministack.app as ms
    from ministack.core.persistence import load_state

    wanted = {ms.SERVICE_REGISTRY[name]["module"] for name in emulator.EMULATED}
    for key, name in ms._state_map.items():
        if name in wanted:
            emulated_state.load(name, ms._get_module(name), load_state(key), settings)


async def _stop(application: App) -> None:
    """Stop engines and save everything."""
    running = [module.stop() for module in application.modules.values() if hasattr(module, "stop")]
    for failed in await asyncio.gather(*running, return_exceptions=True):
        if isinstance(failed, BaseException):
            log.error("a service did not stop cleanly: %r", failed)
    await application.journal.stop()
    log_events.close()
