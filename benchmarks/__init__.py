"""How fast and how sparing the program is, measured beside yardsticks."""
