"""Speed, as ratios to a peer or a floor of the same run: `python -m benchmarks.training`, `.sample`, `.startup`."""
