"""The training of each family of networks, one visible loop a module."""
