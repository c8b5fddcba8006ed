"""JSON log lines."""

import json
import logging
import sys

from scotracker.logs import JsonFormatter


def record(*, exc_info=None):
    return logging.LogRecord("commitments.workflow", logging.WARNING, "", 1, "Edition %s waits", (12,), exc_info)


def test_a_record_is_one_line_of_json():
    line = JsonFormatter().format(record())

    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-11-24T12:00:00.000+00:00",
        "level": "WARNING",
        "logger": "commitments.workflow",
        "message": "Edition 12 waits",
    }


def test_an_exception_brings_its_traceback():
    try:
        raise ValueError("seven")
    except ValueError:
        line = JsonFormatter().format(record(exc_info=sys.exc_info()))

    assert json.loads(line)["traceback"].endswith("ValueError: seven")
