"""What a clinic says of itself in `instance/config.toml`: name, logo, colours, contact, hours, emergency words.

Read once at start, checked as strictly as every other setting, and then frozen. How it looks on a page is the web's business.
"""

from screener.clinic.colors import Colors, Tones
from screener.clinic.logo import Logo
from screener.clinic.problem import ClinicProblem
from screener.clinic.settings import CLINIC_SETTINGS, LANGUAGES, Clinic, read_clinic

__all__ = ["CLINIC_SETTINGS", "LANGUAGES", "Clinic", "ClinicProblem", "Colors", "Logo", "Tones", "read_clinic"]
