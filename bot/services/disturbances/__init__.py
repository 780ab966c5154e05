"""Changes ahead: announced to all, asked about once, told about in examples."""
