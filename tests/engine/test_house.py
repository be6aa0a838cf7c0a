"""The ground floor stays pure: importing it loads no web framework, no forms and no database."""

from __future__ import annotations

import subprocess
import sys

MODULES = (
    "screener.engine.loader, screener.engine.screening, screener.engine.summary, screener.engine.lint, "
    "screener.engine.examples, screener.engine.alternatives_wording, screener.commands.screen, screener.commands.rules"
)


def test_importing_the_engine_and_its_commands_loads_no_web_and_no_database():
    code = (
        f"import sys, {MODULES}\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in "
        "{'flask', 'wtforms', 'sqlalchemy', 'flask_wtf', 'werkzeug', 'jinja2', 'flask_security', 'random'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [name for name in eval(done.stdout) if name != "random"] == []
