"""The endpoints as tools for assistants that speak the Model Context Protocol (MCP), where the host asks for them.

Gradio serves the tools, with the endpoints' own descriptions, once `pip install -r requirements-mcp.txt` was run. It
would name them after Python functions, fetch the addresses of files and store files that were sent; here they are named
as over HTTP, server.files reads what is sent, and pictures come as pictures, with an address that other tools take.
"""

import base64
import json
import logging
from typing import Any

from gradio_client.utils import encode_file_path, is_file_obj_with_meta

from server.files import ROUTE, located
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
    server.postprocess_output_data = lambda answers, root: result(answers, root, server.types)
    full_schema = server.get_input_schema
    server.get_input_schema = lambda *arguments: (in_short(full_schema(*arguments)), [])  # no files that Gradio reads


def in_short(schema: tuple[dict[str, Any], list[list[str | int]]]) -> dict[str, Any]:
    """The schema of a tool's arguments, in which files are what an assistant can send.

    Args:
        schema: as Gradio's server makes it, and the places of files in it.
    """
    properties = dict(schema[0]["properties"])
    for name, *_ in schema[1]:
        about = {key: properties[name][key] for key in ("description", "default") if key in properties[name]}
        properties[name] = {"anyOf": [{"type": "string"}, {"type": "object"}], **about}
    return {**schema[0], "properties": properties}


def result(answers: Any, root: str, types: Any) -> list[Any]:
    """What an endpoint answers, as parts of a tool's result; last the addresses of its files, which other tools take.

    Args:
        answers: what came out.
        root: the page's address.
        types: the module mcp.types.
    """
    parts = [part for answer in answers for part in contents(answer, types)]
    addresses = [f"{root.rstrip('/')}{ROUTE}{encode_file_path(file['path'])}" for file in files_in(answers)]
    told = [types.TextContent(type="text", text="Files for other tools: " + " ".join(addresses))] if addresses else []
    return parts + told


def contents(answer: Any, types: Any) -> list[Any]:
    """One answer as parts of a tool's result: pictures, films, and text for all else.

    Args:
        answer: a file, a data URI, several of them or other values in a list, or anything else that JSON holds.
        types: the module mcp.types.
    """
    if isinstance(answer, list | tuple) and any(is_file(one) for one in answer):
        return [part for one in answer for part in contents(one, types)]
    if isinstance(answer, dict) and not is_file(answer) and files_in([answer]):
        rest = {name: value for name, value in answer.items() if not is_file(value)}
        return contents(rest, types) + [part for file in files_in([answer]) for part in contents(file, types)]
    if not is_file(answer):
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        return [types.TextContent(type="text", text=text)]
    kind, content = kind_and_content(answer)
    if kind.startswith("image/"):
        return [types.ImageContent(type="image", data=content, mimeType=kind)]
    film = types.BlobResourceContents(uri="attachment://film", mimeType=kind, blob=content)
    return [types.EmbeddedResource(type="resource", resource=film)]


def is_file(value: object) -> bool:
    """Whether a value is one of our files, or a data URI."""
    if isinstance(value, dict):
        return bool(is_file_obj_with_meta(value))
    return isinstance(value, str) and value.startswith("data:") and ";base64," in value[:100]


def files_in(answers: Any) -> list[dict[str, Any]]:
    """Our files among answers, in lists and dictionaries, too."""
    if isinstance(answers, dict):
        return [answers] if is_file(answers) else files_in([*answers.values()])
    return [file for answer in answers for file in files_in(answer)] if isinstance(answers, list | tuple) else []


def kind_and_content(file: Any) -> tuple[str, str]:
    """The MIME type and the content, in base64, of a file or a data URI; nothing of one that has just been deleted."""
    if isinstance(file, str):
        head, _, content = file.partition(";base64,")
        return head.removeprefix("data:"), content
    place = located(file["path"])
    return file["mime_type"], base64.b64encode(place.read_bytes() if place else b"").decode()
