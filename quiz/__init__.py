"""The game "Which face is real?" without a page: decks, view, rounds, scores, statistics, tells."""
