"""Fixtures of the tests of services."""

from tests.services.brief_company import company, new_company

__all__ = ["company", "new_company"]
