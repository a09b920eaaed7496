"""Published files of other projects, read into our networks."""
