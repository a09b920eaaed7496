"""What can go wrong, as one small family of exceptions.

Every message is one sentence (or two) in the reader's words: what was got, what is accepted, what to do. The page shows
the message as it is; the trainer prints it without a traceback.
"""


class LatentLabError(Exception):
    """Any error that the person in front of the page or the command line can act on."""


class InvalidInput(LatentLabError, ValueError):
    """An argument out of its range or of the wrong kind."""


class NetworkUnavailable(LatentLabError):
    """A network that is missing, broken, of another family, or on a Hub that cannot be reached."""


class UnusableData(LatentLabError):
    """Pictures that cannot be trained on or measured: none there, unreadable, too few, of the wrong size."""
