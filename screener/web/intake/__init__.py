"""The intake door. `queue` is the list, `submission` the page of one with its moves, `duplicates` puts together what was sent twice,
`entry` is where staff type for a patient, `return_code` where a patient is given one."""

from screener.web.case.work_views import add_work_views
from screener.web.intake import duplicates, entry, queue, return_code, submission
from screener.web.intake.blueprint import blueprint

add_work_views(blueprint, submission.intake_page)

__all__ = ["blueprint", "duplicates", "entry", "queue", "return_code", "submission"]
