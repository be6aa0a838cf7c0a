"""Reads of the words that staff put on submissions to find them again."""

from __future__ import annotations

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from screener.store.casework import Tag
from screener.store.queue_filters import tag_code

MOST_TAGS = 200


def tag_words(session: Session) -> list[str]:
    """The words in use as tags, in order; found by leaping from word to word, however many tags there are."""
    words = select(func.min(Tag.word).label("word"), literal(1).label("number")).cte("words", recursive=True)
    following = select(func.min(Tag.word)).where(Tag.word > words.c.word).correlate(words).scalar_subquery()
    leap = select(following, words.c.number + 1).where(words.c.word.is_not(None), words.c.number < MOST_TAGS)
    words = words.union_all(leap)
    return list(session.scalars(select(words.c.word).where(words.c.word.is_not(None)).order_by(words.c.word)))


def word_of_tag(session: Session, code: str) -> str:
    """The word behind a tag's code in an address; empty, which no tag is, where none has this code any more."""
    return next((word for word in tag_words(session) if tag_code(word) == code), "")
