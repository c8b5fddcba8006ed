"""The small catalogue for every test in this folder."""

from tests.catalogue.small import catalogue

__all__ = ["catalogue"]
