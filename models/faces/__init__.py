"""What is done with a face: read, found again in a latent space, changed by name, bred."""
