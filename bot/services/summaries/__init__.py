"""The weekly summary: planned, posted, looked into, and when it comes, each in a file of this package."""
