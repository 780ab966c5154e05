"""Processes that are killed at any moment, a Slack that fails half of the time: nothing is lost, nothing doubled."""
