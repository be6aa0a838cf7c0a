"""How many wrong passwords are taken before the door waits.

Kept in memory: right for the one process that `screener serve` is, counted per process elsewhere.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT_AND_NETWORK = 10
MOST_PER_NETWORK = 100
MOST_REMEMBERED = 10_000


class Throttle:
    """Counts refused sign-ins of the last quarter of an hour, by account and network and by network."""

    def __init__(self) -> None:
        self._refused: OrderedDict[tuple[str, ...], deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def is_closed(self, account: str, network: str, *, now: datetime) -> bool:
        """Whether this network must wait before it tries this account again."""
        with self._lock:
            return (
                self._count((account, network), now) >= MOST_PER_ACCOUNT_AND_NETWORK
                or self._count((network,), now) >= MOST_PER_NETWORK
            )

    def add_refused(self, account: str, network: str, *, now: datetime) -> None:
        """A sign-in was refused."""
        with self._lock:
            for key in ((account, network), (network,)):
                self._refused.setdefault(key, deque(maxlen=MOST_PER_NETWORK)).append(now)
                self._refused.move_to_end(key)
            while len(self._refused) > MOST_REMEMBERED:
                self._refused.popitem(last=False)

    def forget(self, account: str, network: str) -> None:
        """Someone signed in: what went wrong before no longer counts against this account."""
        with self._lock:
            self._refused.pop((account, network), None)

    def _count(self, key: tuple[str, ...], now: datetime) -> int:
        times = self._refused.get(key, deque())
        return sum(now - WINDOW < time <= now for time in times)
