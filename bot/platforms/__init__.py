"""How it talks: one thin sender per chat platform, and its pure renderers and parsers."""
