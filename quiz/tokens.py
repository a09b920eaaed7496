"""Secrets that rounds and players are known by, and what the database keeps of them."""

import base64
import hashlib
import re
import secrets

from models.errors import InvalidInput

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # what secrets.token_urlsafe(32) makes


def new_token() -> str:
    """A secret that cannot be guessed, for a round or a player: 256 random bits as 43 characters."""
    return secrets.token_urlsafe(32)


def digest(player: str) -> str:
    """What the database knows a player by: SHA-256 of their token, as 43 characters, from which nobody gets it back."""
    return base64.urlsafe_b64encode(hashlib.sha256(player.encode()).digest()).rstrip(b"=").decode()


def check_player(player: str) -> None:
    """Raises InvalidInput unless the text has the form of a player's token."""
    if not isinstance(player, str) or not TOKEN.fullmatch(player):
        raise InvalidInput("This is not a player's token; ask for a new one, or play without.")
