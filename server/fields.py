"""Values that somebody typed, in a field of the page, a permalink or a request."""

from models.errors import InvalidInput


def whole(value: object, name: str) -> int:
    """A whole number that somebody typed. Raises InvalidInput."""
    result = number(value, name)
    if result != result // 1:
        raise InvalidInput(f"The {name} is {value}; it has to be a whole number.")
    return int(result)


def whole_or(value: object, default: int, name: str) -> int:
    """The same, or a default where nothing was typed."""
    return default if value is None or value == "" else whole(value, name)


def number(value: object, name: str) -> float:
    """A number that somebody typed. Raises InvalidInput."""
    if value is None or value == "":
        raise InvalidInput(f"The {name} is empty; it has to be a number.")
    try:
        return float(str(value))
    except ValueError:
        raise InvalidInput(f"The {name} is {str(value)[:80]!r}; it has to be a number.") from None
