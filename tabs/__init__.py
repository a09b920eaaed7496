"""The tabs of the page, one module each, and what they share: `look`, `guard`, `about`."""
