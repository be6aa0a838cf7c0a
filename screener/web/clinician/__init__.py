"""The clinician's door: what was accepted, and one page for one submission to read, decide and sign off.

`accepted` is the list, `review_page` what is shown of one submission, `acts` what its buttons do, `paper` the same to print.
"""

from screener.web.case.work_views import add_work_views
from screener.web.clinician import accepted, acts, paper, review_page
from screener.web.clinician.blueprint import blueprint

add_work_views(blueprint, review_page.review_page)

__all__ = ["accepted", "acts", "blueprint", "paper", "review_page"]
