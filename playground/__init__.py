"""The games in the plane, without a page: points, mixtures, a GAN that learns while one watches, minimax, spam."""
