"""Pictures, for the page and the trainer alike."""
