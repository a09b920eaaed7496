"""Firefox and WebKit, driven by what they understand themselves; Chromium is driven by Playwright (tests/conftest.py).

Both speak W3C's WebDriver: WebKit over HTTP, Firefox over a socket (BiDi). What a person does is the same data in both,
so a library for each, or for both, would be longer than these files.
"""
