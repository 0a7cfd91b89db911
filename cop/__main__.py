"""`python -m cop` is the command `cop`."""

from cop.cli import main

main()
