"""What makes a password good enough: length, and more in it than what is guessed first. No rules on characters."""

from __future__ import annotations

from flask_babel import gettext

SHORTEST = 15
LONGEST = 256
FEWEST_OTHER_CHARACTERS = 5
# With 15 characters the usual lists of short passwords say little: what people do is repeat or join these.
GUESSED_FIRST = (
    "correcthorsebatterystaple", "password", "passwort", "contrasena", "contraseña", "clave", "qwertyuiop",
    "asdfghjkl", "zxcvbnm", "qwerty", "azerty", "1q2w3e4r5t", "1qaz2wsx", "letmein", "welcome", "bienvenido",
    "iloveyou", "teamo", "princess", "princesa", "dragon", "monkey", "football", "futbol", "baseball", "sunshine",
    "superman", "batman", "master", "shadow", "trustno1", "changeme", "secret", "secreto", "login", "abc", "abcd",
    "abcdefghijklmnopqrstuvwxyz", "administrator", "admin", "root", "user", "test", "guest", "hello", "hola",
    "ketamine", "ketamina", "screener", "clinic", "clinica", "hospital", "doctor", "nurse", "patient", "health",
    "0123456789", "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234", "123", "9876543210",
    "987654321", "87654321", "654321", "2024", "2025", "2026", "2027",
)  # fmt: skip


def password_problem(password: str, *, email: str, name: str) -> str | None:
    """What to change about this password, in words for the person; None if it will do."""
    if len(password) < SHORTEST:
        return str(gettext("Use at least %(num)s characters, such as a few unrelated words.", num=SHORTEST))
    if len(password) > LONGEST:
        return str(gettext("Use %(num)s characters or fewer.", num=LONGEST))
    left = "".join(password.lower().split())
    personal = f"{email} {name}".lower().replace("@", " ").replace(".", " ").split()
    guessed = {*GUESSED_FIRST, *(part for part in personal if len(part) > 2)}
    for part in sorted(guessed, key=len, reverse=True):
        left = left.replace(part, "")
    if len(set(left)) < FEWEST_OTHER_CHARACTERS:
        return str(gettext("This password is easy to guess. Use a few unrelated words."))
    return None
