"""Measurements of trained networks, each of which writes its figures into their cards."""
