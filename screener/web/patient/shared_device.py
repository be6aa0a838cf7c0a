"""A device that other people use too: nothing is kept on it, and what is open on it closes when nobody touches it.

A patient says so before starting or coming back; a clinic's settings say so of its own tablet. The script closes a page after
two minutes, with a warning. The server does not rely on it: after `shared_device_minutes` without a request the cookie opens
nothing any more. Both leave by the same way, in `leaving`.
"""

from __future__ import annotations

from datetime import timedelta

from flask import session

from screener.web.extensions import now, services

SHARED = "shared_device"  # the name of the field, and the session's key
_SEEN = "seen"  # the session's key: when the last request of this patient came
IDLE_SECONDS = 120
KEPT = timedelta(hours=1)  # what nobody sent and nobody left: sealed, opened by a cookie that ends with the browser


def is_always_shared() -> bool:
    """Whether the clinic says that every device is shared, so that nobody need be asked."""
    return services().settings.shared_device


def is_shared() -> bool:
    """Whether this patient's device is used by others."""
    return is_always_shared() or bool(session.get(SHARED))


def say_shared(shared: bool) -> None:
    """Keep what the patient said of the device."""
    session.pop(SHARED, None)
    if shared:
        session[SHARED] = True


def idle_limit() -> timedelta:
    """How long the cookie of a shared device opens anything after its last request."""
    return timedelta(minutes=services().settings.shared_device_minutes)


def was_left_alone() -> bool:
    """Whether no request came for so long that this one may be someone else's."""
    seen = session.get(_SEEN)
    return isinstance(seen, int) and now().timestamp() - seen >= idle_limit().total_seconds()


def was_used() -> None:
    """This request came from the patient. The cookie carries it, so that looking at a page writes nothing."""
    session[_SEEN] = int(now().timestamp())
