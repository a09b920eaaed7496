"""Training and measuring, on the command line: `python -m trainer --help`."""
