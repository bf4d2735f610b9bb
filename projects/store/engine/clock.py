"""What time it is: by one clock for all who share a project.

Their machines' clocks may be off by minutes, and by these times is told what was proposed before
somebody touched an object, and what after.
"""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

Told = tuple[datetime, float]
"""What a server's clock said, and what `time.monotonic` said then: a clock that is set right
meanwhile changes nothing."""


def now(connection: Connection) -> datetime:
    """Aware, UTC: by the server's clock as it was when the connection was made, else by this
    machine's."""
    told: Told | None = getattr(connection.connection.dbapi_connection, "server_time", None)
    if told is None:
        return datetime.now(UTC)
    return told[0] + timedelta(seconds=time.monotonic() - told[1])
