#!/usr/bin/env python
"""Runs the tracker's management commands."""

import os
import sys


def main():
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scotracker.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed for this Python. Run `make run`, or use the Python in .venv/bin."
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # The sentence is the help; a traceback would bury it.
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
