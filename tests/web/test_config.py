"""Settings: what a first start makes, what stands over what, and what does not start."""

from __future__ import annotations

import stat
import tomllib
from dataclasses import replace

import pytest

from screener.config import ConfigError, Settings, make_first_config, read_settings
from screener.paths import default_instance, rules_folder

GOOD = {
    "SCREENER_SECRET_KEY": "q8Zr2LwX0vTn5BcY7mKd4HsJ1fGp9EaU",
    "SCREENER_PASSWORD_SALT": "a3Vb6Nx9Qw2Er5Ty8Ui1Op4As7Df0Gh3",
}


def written(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder


def problem_of(folder, environ):
    with pytest.raises(ConfigError) as caught:
        read_settings(folder, environ=environ)
    return str(caught.value)


@pytest.mark.parametrize("prepared", ["missing", "empty", "kept"])
def test_first_start_makes_secrets_only_the_owner_reads(tmp_path, prepared):
    folder = tmp_path / "instance"
    if prepared != "missing":
        folder.mkdir()
    if prepared == "kept":
        (folder / ".gitkeep").touch()
    made = make_first_config(folder, environ={})
    assert made == folder / "config.toml"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    kept = tomllib.loads(made.read_text())
    assert {name: len(value) for name, value in kept.items()} == {"secret_key": 64, "password_salt": 64}
    settings = read_settings(folder, environ={})
    assert (settings.secret_key, settings.password_salt) == (kept["secret_key"], kept["password_salt"])
    assert settings.secret_key != settings.password_salt


def test_first_start_makes_a_missing_folder_for_the_owner_alone(tmp_path):
    folder = tmp_path / "new"
    make_first_config(folder, environ={})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_instances_never_share_a_secret(tmp_path):
    for name in ("one", "two"):
        make_first_config(tmp_path / name, environ={})
    one, two = (read_settings(tmp_path / name, environ={}) for name in ("one", "two"))
    assert {one.secret_key, one.password_salt}.isdisjoint({two.secret_key, two.password_salt})


def test_second_start_makes_nothing(tmp_path):
    make_first_config(tmp_path / "i", environ={})
    before = (tmp_path / "i" / "config.toml").read_text()
    assert make_first_config(tmp_path / "i", environ={}) is None
    assert (tmp_path / "i" / "config.toml").read_text() == before


def test_nothing_is_made_where_the_environment_has_the_secrets(tmp_path):
    assert make_first_config(tmp_path / "i", environ=GOOD) is None
    assert not (tmp_path / "i").exists()
    assert read_settings(tmp_path / "i", environ=GOOD).secret_key == GOOD["SCREENER_SECRET_KEY"]


def test_instance_in_use_without_secrets_does_not_start(tmp_path):
    (tmp_path / "screener.db").touch()
    assert make_first_config(tmp_path, environ={}) is None
    problem = problem_of(tmp_path, {})
    assert problem.startswith(f"{tmp_path} is in use but has no secret_key.")
    assert "SCREENER_SECRET_KEY" in problem


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("x" * 31, "too short"),
        ("q8Zr2LwX0vTn5BcY7mKd4HsJ1fGp9Ea", "too short"),
        ("a" * 64, "looks like a default"),
        ("change-me-change-me-change-me-now", "looks like a default"),
        ("this-is-my-SECRET-key-of-the-clinic", "looks like a default"),
    ],
)
@pytest.mark.parametrize("name", ["SCREENER_SECRET_KEY", "SCREENER_PASSWORD_SALT"])
def test_short_or_default_secret_does_not_start_and_is_not_shown(tmp_path, name, secret, words):
    problem = problem_of(tmp_path, GOOD | {name: secret})
    assert words in problem
    assert secret not in problem


def test_debug_starts_without_secrets_and_with_short_ones(tmp_path):
    first, second = (read_settings(tmp_path, environ={"SCREENER_DEBUG": "1"}) for _ in range(2))
    assert first.secret_key != second.secret_key
    assert read_settings(tmp_path, environ={"SCREENER_DEBUG": "1", "SCREENER_SECRET_KEY": "x"}).secret_key == "x"


def test_environment_stands_over_file_and_arguments_over_both(tmp_path):
    folder = written(tmp_path / "i", 'timezone = "Europe/Madrid"\nproxies = 1\nrules = "/file"\n')
    settings = read_settings(folder, environ=GOOD | {"SCREENER_PROXIES": "2", "SCREENER_RULES": "/environment"})
    assert (settings.timezone, settings.proxies, str(settings.rules)) == ("Europe/Madrid", 2, "/environment")
    assert str(read_settings(folder, rules=tmp_path, environ=GOOD).rules) == str(tmp_path)


def test_defaults(tmp_path):
    assert read_settings(tmp_path, environ=GOOD) == Settings(
        instance=tmp_path,
        rules=rules_folder(),
        database_url=f"sqlite:///{tmp_path}/screener.db",
        secret_key=GOOD["SCREENER_SECRET_KEY"],
        password_salt=GOOD["SCREENER_PASSWORD_SALT"],
        debug=False,
        secure_cookies=False,
        proxies=0,
        public_url="",
        timezone="",
    )


def test_instance_is_the_one_named_else_of_the_environment_else_the_checkouts(tmp_path):
    named = read_settings(tmp_path / "a", environ=GOOD | {"SCREENER_INSTANCE": str(tmp_path / "b")})
    assert named.instance == tmp_path / "a"
    assert read_settings(environ=GOOD | {"SCREENER_INSTANCE": str(tmp_path / "b")}).instance == tmp_path / "b"
    assert read_settings(environ=GOOD).instance == default_instance()


def test_database_address_of_the_environment_is_taken(tmp_path):
    environ = GOOD | {"SCREENER_DATABASE_URL": "postgresql://clinic@localhost/screener"}
    assert read_settings(tmp_path, environ=environ).database_url == "postgresql://clinic@localhost/screener"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("secret_key = ", "is not TOML"),
        ('secret_kye = "x"', "setting secret_kye is not known. Known are: secret_key, password_salt,"),
        ('proxies = "one"', "setting proxies: expected a whole number."),
        ("debug = 1", "setting debug: expected true or false."),
        ("timezone = 5", "setting timezone: expected text in quotes."),
        ("proxies = -1", "Setting proxies: expected 0 or more."),
        ("waiting_target_hours = 0", "Setting waiting_target_hours: expected 1 or more."),
        ('timezone = "Mars/Olympus"', "Setting timezone: 'Mars/Olympus' is not known."),
        ('timezone = "../../etc/passwd"', "Setting timezone: '../../etc/passwd' is not known."),
    ],
)
def test_bad_file_says_what_is_wrong(tmp_path, text, words):
    assert words in problem_of(written(tmp_path / "i", text), GOOD)


def test_broken_file_does_not_show_its_secret(tmp_path):
    assert "hush" not in problem_of(written(tmp_path / "i", 'secret_key = "hush'), {})


@pytest.mark.parametrize(
    ("name", "value"), [("SCREENER_DEBUG", "maybe"), ("SCREENER_PROXIES", "-1"), ("SCREENER_PROXIES", "³")]
)
def test_bad_variable_says_which(tmp_path, name, value):
    assert problem_of(tmp_path, GOOD | {name: value}).startswith(f"{name}: expected ")


def test_settings_show_no_secret_and_cannot_be_changed(tmp_path):
    settings = read_settings(tmp_path, environ=GOOD | {"SCREENER_DATABASE_URL": "postgresql://u:hush@h/d"})
    assert not any(secret in repr(settings) for secret in (*GOOD.values(), "hush"))
    with pytest.raises(AttributeError):
        settings.debug = True
    assert replace(settings, debug=True).debug is True


def test_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError) as caught:
        make_first_config(tmp_path / "file" / "instance", environ={})
    assert str(caught.value).startswith(f"{tmp_path}/file/instance: cannot be ")


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ('smtp_host = "mail.example"', "Setting mail_from"),
        ('smtp_host = "mail.example"\nmail_from = "nobody"', "Setting mail_from"),
        ("smtp_port = 0", "Setting smtp_port"),
        ("smtp_port = 65536", "Setting smtp_port"),
        ('smtp_security = "ssl"', "Setting smtp_security"),
        ("digest_hour = 24", "Setting digest_hour"),
    ],
)
def test_wrong_mail_setting_is_named(tmp_path, lines, wrong):
    secrets = 'secret_key = "q8Zr2LwX0vTn5BcY7mKd4HsJ1fGp9EaU"\npassword_salt = "a3Vb6Nx9Qw2Er5Ty8Ui1Op4As7Df0Gh3"\n'
    (tmp_path / "config.toml").write_text(secrets + lines, encoding="utf-8")
    with pytest.raises(ConfigError, match=wrong):
        read_settings(tmp_path, environ={})
