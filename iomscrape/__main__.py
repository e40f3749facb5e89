"""``python -m iomscrape``: the same as the command ``iomscrape``."""

from iomscrape.cli import main

main(prog_name="iomscrape")
