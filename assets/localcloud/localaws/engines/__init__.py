"""Real database servers: PostgreSQL and MariaDB, for this local AWS alone, on loopback, with real passwords."""

from localaws.engines.address import Address
from localaws.engines.engine import Engine, EngineError
from localaws.engines.mariadb import MariaDB
from localaws.engines.postgres import Postgres

__all__ = ["Address", "Engine", "EngineError", "MariaDB", "Postgres"]
