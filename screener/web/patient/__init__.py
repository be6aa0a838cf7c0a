"""The patient's door: from the first page to the summary, without an account. GET never writes.

`visit` knows the draft that the cookie opens, `journey` the order of the screens, `urgent_notices` the urgent findings.
The views stand in `entry`, `about_you`, `questions`, `section_list`, `help_now`, `handing_in`, `after_sending`, `return_codes`,
`returning`, `leaving` and `reading`; pages that stood open elsewhere are met by `stale_pages`, `too_late` and `kept_pages`; what is
shown of answers and findings is arranged in `answer_rows`, `look_again` and `summary_page`. `shared_device` knows whether others use
the device, and `script_replies` what the script is told beside the page.
"""

from screener.web.patient import (
    about_you,
    after_sending,
    entry,
    handing_in,
    help_now,
    kept_pages,
    leaving,
    questions,
    reading,
    return_codes,
    returning,
    script_replies,
    section_list,
    summary_pdf,
    too_late,
)
from screener.web.patient.blueprint import blueprint

__all__ = [
    "about_you",
    "after_sending",
    "blueprint",
    "entry",
    "handing_in",
    "help_now",
    "kept_pages",
    "leaving",
    "questions",
    "reading",
    "return_codes",
    "returning",
    "script_replies",
    "section_list",
    "summary_pdf",
    "too_late",
]
