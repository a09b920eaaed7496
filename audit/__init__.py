"""Are the packages that this project installs known to be unsafe? `python -m audit`."""
