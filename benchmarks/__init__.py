"""Measurements: ratios and goals, printed; never asserted by a timed test."""
