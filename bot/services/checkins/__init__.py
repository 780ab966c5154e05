"""Check-ins: rounds are planned, asked, answered, closed, stopped and told; each has its file."""
