"""The list that intake and clinicians live in, and what both do from it. Each door shows it under its own address.

`listing` reads a list and `rows` one line of it, `filter_form` is what it can be narrowed by; `assigning`, `closing`, `working`, `views`,
`searching` and `shortcuts` are what can be done. `doors` says how the two lists differ.
"""

from screener.web.worklist import assigning, closing, searching, shortcuts, views, working
from screener.web.worklist.blueprint import blueprint

__all__ = ["assigning", "blueprint", "closing", "searching", "shortcuts", "views", "working"]
