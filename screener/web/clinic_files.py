"""What pages load of the clinic: its logo, and its colours as a stylesheet of custom properties. And `clinic` for every template.

The stylesheet stands in an address of its own because our policy allows no style in a page. Both are kept by browsers for as
long as the clinic's settings stay what they are.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort

from screener.clinic import Clinic, Tones
from screener.web.extensions import services

blueprint = Blueprint("clinic", __name__, url_prefix="/clinic-files")


def clinic() -> Clinic | None:
    """The clinic whose guide this is; None where the settings name none."""
    return services().settings.clinic


@blueprint.app_context_processor
def every_page() -> dict[str, Clinic | None]:
    """The clinic, for every page: staff's, patients' and those that tell of an error."""
    return {"clinic": clinic()}


@blueprint.get("/colors.css")
def stylesheet() -> Response:
    """The clinic's colours for staff's pages. Patients' pages have them in the one stylesheet that they load."""
    found = clinic()
    if found is None or found.colors is None:
        abort(404)
    return Response(colors_css(found), mimetype="text/css")


def colors_css(clinic: Clinic | None) -> str:
    """The clinic's colours in place of ours; empty where it names none. On paper they do not hold: there all is black."""
    if clinic is None or clinic.colors is None:
        return ""
    light, dark = _properties(clinic.colors.light), _properties(clinic.colors.dark)
    return (
        f"@media screen {{ :root {{ {light} }} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )


@blueprint.get("/logo")
def logo() -> Response:
    """The clinic's logo, as it lies in the instance folder."""
    found = clinic()
    if found is None or found.logo is None:
        abort(404)
    return Response(found.logo.content, mimetype=found.logo.media_type)


def _properties(tones: Tones) -> str:
    named = {
        "brand": tones.brand,
        "brand-deep": tones.deep,
        "brand-soft": tones.soft,
        "on-brand": tones.on_brand,
    }
    return " ".join(f"--{name}: {color};" for name, color in named.items())
