"""What Ampersand remembers: the tables, and all SQL. It imports nothing of the rest of the house."""
