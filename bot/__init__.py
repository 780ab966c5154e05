"""What Ampersand knows, says and does."""
