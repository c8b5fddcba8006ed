"""The small catalogue for the commands that work on one."""

from tests.catalogue.small import catalogue

__all__ = ["catalogue"]
