"""The page without a server: files that any host of files can serve, written by `python -m standalone`."""
