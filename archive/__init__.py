"""How articles are kept."""
