"""How networks are run for many visitors: batches, replicas on a Ray cluster, cards that ZeroGPU lends."""
