"""What pages are made of; each file can be read, tested and used alone."""
