"""One module per command: arguments, one call, a summary."""
