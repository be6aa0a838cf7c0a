"""The subcommands of `screener`, one module each; they call what other rooms do and print what came of it."""
