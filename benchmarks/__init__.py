"""Speed, as ratios to a peer or a floor measured in the same run: `python -m benchmarks.training`, `.sample`, `.startup`."""
