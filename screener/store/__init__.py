"""The store: what the screener remembers.

SQLAlchemy and the engine only. Every write is a verb in `operations`, every read a question in `queries`,
who may move what is the table in `workflow`, and the one place that opens connections and ends
transactions is `database`. Nothing here knows of HTTP.
"""
