"""What Ampersand does: one use case = one plain function over a Session = one transaction."""
