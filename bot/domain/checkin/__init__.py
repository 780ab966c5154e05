"""Check-ins: when each person is asked and reminded, and when a round closes."""
