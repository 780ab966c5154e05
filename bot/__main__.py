"""`python -m bot`, the same as `ampersand`."""

from bot.cli import main

if __name__ == "__main__":
    main()
