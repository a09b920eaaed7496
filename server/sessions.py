"""Gradio's sessions, lean: nothing of ours is in them."""

from typing import Any

from gradio.blocks import BlocksConfig


class SessionConfig(BlocksConfig):  # type: ignore[misc]  # gradio has no types
    """The components of one visitor's session. Gradio would keep a copy of each one's settings and last value, 0.3 MB
    and 20 ms of work, for its deep links, which this page does not need: its permalinks hold all settings."""

    @staticmethod
    def config_for_block(*_arguments: Any, **_keywords: Any) -> dict[str, Any]:
        """An empty dictionary in place of the copy."""
        return {}


class PageConfig(BlocksConfig):  # type: ignore[misc]
    """The components of a page, of which every session gets a lean copy."""

    def __copy__(self) -> SessionConfig:
        session: SessionConfig = super().__copy__()
        session.__class__ = SessionConfig
        return session
