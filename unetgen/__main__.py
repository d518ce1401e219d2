"""`python -m unetgen` is the command line."""

from unetgen.cli import main

main()
