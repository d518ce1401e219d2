"""`python -m unetgen` is the command line."""

from unetgen.cli import main

if __name__ == "__main__":
    main()
