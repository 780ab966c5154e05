"""Facts into messages: each function fills a template and puts its parts in order."""
