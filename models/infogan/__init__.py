"""InfoGAN and InfoGAN-CR: the network, its decoder, the types of its codes, and two kinds of code built into it."""
