"""Where an engine listens: the port that was asked for, on a loopback address where it is free.

A provisioner compares the port it declared with the one AWS reports, so an engine gets exactly the port it was asked
for. Several clusters with port 5439 are told apart by their address: Linux routes all of 127.0.0.0/8 to the machine
itself. Where only 127.0.0.1 exists (macOS), a free port is taken instead.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Collection
from dataclasses import dataclass

_LAST = 200
"""How many loopback addresses are tried for one port."""


@dataclass(frozen=True)
class Address:
    """A loopback address and a TCP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def free(self) -> bool:
        """Whether nothing listens there."""
        return _bind_error(self.host, self.port) == 0


def choose(port: int, taken: Collection[Address] = ()) -> Address:
    """The first address where `port` is free and that is not in `taken`; another port where there is none.

    `taken` holds addresses that are promised to engines which do not run at the moment.
    """
    for last in range(1, _LAST):
        address = Address(f"127.0.0.{last}", port)
        if address in taken:
            continue
        error = _bind_error(address.host, port)
        if error == 0:
            return address
        if error == errno.EADDRNOTAVAIL:
            break
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Address("127.0.0.1", int(probe.getsockname()[1]))


def _bind_error(host: str, port: int) -> int:
    """Why a server could not listen there, as an errno; 0 when it could."""
    with socket.socket() as probe:
        # A closed connection that still lingers is no obstacle to a server, but a listening one is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0
