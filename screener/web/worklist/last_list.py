"""Where a list stood when its reader went on to a submission, so that the way back leads there: kept in their cookie, in codes alone."""

from __future__ import annotations

from flask import session as cookie

from screener.web.worklist.doors import Door, own_door

LAST_LIST = "list"


def remember_list(address: str) -> None:
    """This address of a list is where its reader was last."""
    if cookie.get(LAST_LIST) != address:
        cookie[LAST_LIST] = address


def last_list_url(door: Door | None = None) -> str:
    """The list as it was looked at last; the whole one where none of this door was."""
    here = (door or own_door()).list_url()
    left = cookie.get(LAST_LIST)
    return left if isinstance(left, str) and left.partition("?")[0] == here else here
