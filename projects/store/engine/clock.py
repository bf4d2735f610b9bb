"""What time it is: by one clock for all who share a project.

Their machines' clocks may be off by minutes, and by these times is told what was proposed before
somebody touched an object, and what after.
"""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

Told = tuple[datetime, float]
"""What a server's clock said, and what `elapsed` was then."""


def elapsed() -> float:
    """Seconds from some time on: a clock that is set right meanwhile changes nothing, and a machine
    that sleeps does not lose them, where the system counts them."""
    if hasattr(time, "clock_gettime"):
        # Linux leaves sleep out of the monotonic one alone.
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
    return time.monotonic()


def now(connection: Connection) -> datetime:
    """Aware, UTC: by the server's clock as it was when the connection was made, else by this
    machine's."""
    told: Told | None = getattr(connection.connection.dbapi_connection, "server_time", None)
    if told is None:
        return datetime.now(UTC)
    return told[0] + timedelta(seconds=elapsed() - told[1])
