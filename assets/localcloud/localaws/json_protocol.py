"""The JSON protocol by the service's own model: requests checked, operations looked up."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from localaws.contract import AwsError, Headers, Response, json_response

Values = dict[str, Any]
Handler = Callable[[Values], Values]


class JsonProtocol:
    """The operations of one service that speaks JSON; `invalid` is its error for a wrong parameter."""

    def __init__(self, service: str, invalid: str) -> None:
        self._service = service
        self._invalid = invalid

    @functools.cached_property
    def _model(self) -> Any:
        """Loaded at the first request."""
        import botocore.session

        return botocore.session.get_session().get_service_model(self._service)

    def answer(self, handled: Mapping[str, Handler], headers: Headers, body: bytes) -> Response:
        """Check a request, run its handler, write the answer."""
        operation = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        if operation not in handled:
            raise AwsError("UnknownOperationException", f"Unknown operation: {operation}", 400)
        try:
            values = json.loads(body or b"{}")
        except ValueError:
            raise AwsError("SerializationException", "The body is not JSON", 400) from None
        self._check(operation, values)
        return json_response(handled[operation](values) or {})

    def _check(self, operation: str, values: Any) -> None:
        from botocore.validate import ParamValidator

        shape = self._model.operation_model(operation).input_shape
        if not isinstance(values, dict):
            raise AwsError("SerializationException", "The body is not an object", 400)
        if shape is None:
            return
        problems = ParamValidator().validate(values, shape)
        if problems.has_errors():
            raise AwsError(self._invalid, problems.generate_report(), 400)
