"""What the patient's script is told that a browser works out by itself: where a form leads on to, and how long answers stay open.

The script sends the same forms to the same views, and says so in a header. A redirect would be followed behind its back, and
the page at its end loaded twice; so it gets the address instead. Nothing else differs: see `static/patient.js`.
"""

from __future__ import annotations

from flask import Response, request, session

from screener.web.patient.blueprint import blueprint
from screener.web.patient.visit import TOKEN, current_visit, seconds_left

SENT_BY = "X-Sent-By"
NEXT, LEFT = "X-Next", "X-Left"


@blueprint.after_request
def tell_the_script(response: Response) -> Response:
    """Turn a redirect into its address, and say for how many seconds this device opens the answers from now on."""
    if request.headers.get(SENT_BY) != "script" or response.status_code >= 400:
        return response
    if TOKEN in session:
        present = current_visit()
        response.headers[LEFT] = str(seconds_left(present) if present is not None else 0)
    if response.status_code == 303:
        response.status_code = 204
        response.headers[NEXT] = response.headers.pop("Location")
        response.set_data(b"")
    return response
