"""Writes docs/workflow.md from the workflow's table. A test holds the two equal."""

from pathlib import Path

from screener.web.workflow_words import workflow_markdown

if __name__ == "__main__":
    Path(__file__).with_name("workflow.md").write_text(workflow_markdown(), encoding="utf-8")
