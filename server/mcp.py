"""The endpoints as tools for assistants that speak the Model Context Protocol (MCP), where the host asks for them.

Gradio serves the tools, with the endpoints' own descriptions, once `pip install -r requirements-mcp.txt` was run. It
would name them after Python functions and send pictures as long text; here they are named as over HTTP, and pictures
are pictures.
"""

import json
import logging
from typing import Any

from server.settings import flag_setting

SETTING = "LATENT_LAB_MCP"  # 1 to serve the tools

log = logging.getLogger("latent-lab")


def is_enabled() -> bool:
    """Whether the host asks for tools. Raises LatentLabError."""
    return flag_setting(SETTING)


def set_up_tools(page: Any) -> None:
    """Sets up the tools of a page that is being served; logs an error if they were asked for but are missing.

    Args:
        page: gr.Blocks after `launch(mcp_server=is_enabled())`, which goes on without tools if a package is missing.
    """
    if not is_enabled():
        return
    server = page.mcp_server_obj
    if not page.mcp_server or server is None:
        log.error(
            "%s is 1, but there are no tools for assistants; run: pip install -r requirements-mcp.txt (%s)",
            SETTING,
            page.mcp_error,
        )
        return
    endpoints = server.tool_to_endpoint.values()
    server.tool_to_endpoint = {endpoint.removeprefix("/"): endpoint for endpoint in endpoints}
    server.postprocess_output_data = lambda answers, _root: [
        part for answer in answers for part in contents(answer, server.types)
    ]


def contents(answer: Any, types: Any) -> list[Any]:
    """What an endpoint answers, as parts of a tool's result: pictures, films, and text for all else.

    Args:
        answer: what came out: a data URI, several of them or other values in a list, or anything else that JSON holds.
        types: the module mcp.types.
    """
    if isinstance(answer, list | tuple) and any(is_file(one) for one in answer):
        return [part for one in answer for part in contents(one, types)]
    if not is_file(answer):
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return [types.TextContent(type="text", text=text)]
    head, _, content = answer.partition(";base64,")
    kind = head.removeprefix("data:")
    if kind.startswith("image/"):
        return [types.ImageContent(type="image", data=content, mimeType=kind)]
    film = types.BlobResourceContents(uri="attachment://film", mimeType=kind, blob=content)
    return [types.EmbeddedResource(type="resource", resource=film)]


def is_file(value: object) -> bool:
    """Whether a value is a data URI."""
    return isinstance(value, str) and value.startswith("data:") and ";base64," in value[:100]
