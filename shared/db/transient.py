"""Which failures pass by themselves: the same request or event may succeed later, so answer 503 or wait in place.

Everything else is the input's or the program's fault and must not be retried for ever.
"""

import sqlalchemy.exc

from shared.errors import GridGovError, Kind

_SQLSTATE_CLASSES = ("08", "53")
"""Connection exceptions, and insufficient resources (disk full, out of memory, too many connections)."""

_SQLSTATES = frozenset(
    {
        "57014",  # query_canceled: the statement timeout
        "57P01",  # admin_shutdown
        "57P02",  # crash_shutdown
        "57P03",  # cannot_connect_now: starting up or recovering
        "57P05",  # idle_session_timeout
        "25P03",  # idle_in_transaction_session_timeout
        "55P03",  # lock_not_available: the lock timeout
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
        "25006",  # read_only_sql_transaction: a standby, or a database turned read only
        "58030",  # io_error
    }
)

_DEAD_CONNECTION = ("clos", "another operation")
"""What the driver, which has no class for it, says of a connection or pool that was closed meanwhile; and of a connection
whose server ended it in the middle of an operation: for the driver that operation is under way for ever."""

_LASTING_OS_ERRORS = (FileExistsError, IsADirectoryError, NotADirectoryError, PermissionError)
"""Not among them FileNotFoundError: that is what connecting to the socket of a stopped PostgreSQL raises."""


def is_transient(error: BaseException) -> bool:  # noqa: PLR0911 - one return per family of errors
    """True when trying `error`'s cause again later may help: connections, timeouts, locks, lack of space."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_transient(inner) for inner in error.exceptions)
    if isinstance(error, GridGovError):
        return error.kind is Kind.UNAVAILABLE
    if isinstance(error, sqlalchemy.exc.TimeoutError):  # nobody gave a connection back to the pool in time
        return True
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        # `orig` is SQLAlchemy's wrapper of the driver's error, which is its cause.
        original = error.orig
        return (
            error.connection_invalidated
            or (original is not None and is_transient(original))
            or (original is not None and original.__cause__ is not None and is_transient(original.__cause__))
        )
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state in _SQLSTATES or state.startswith(_SQLSTATE_CLASSES)
    if type(error).__module__.startswith("asyncpg"):
        return any(words in str(error) for words in _DEAD_CONNECTION)
    return isinstance(error, OSError) and not isinstance(error, _LASTING_OS_ERRORS)
