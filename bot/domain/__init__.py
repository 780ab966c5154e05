"""Pure rules on records and values: no clock, no input, no output."""
