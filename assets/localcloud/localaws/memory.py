"""Memory given back to the system: glibc keeps what threads have freed, in an arena for each of them."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
_ARENAS = 2
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def few_arenas() -> None:
    """Let all threads share few arenas; before any thread has started. Does nothing where there is no glibc."""
    if _libc is not None and hasattr(_libc, "mallopt"):
        _libc.mallopt(_M_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Give back what was freed; worth its milliseconds after a run, a crawl or a query."""
    if _libc is not None and hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)
