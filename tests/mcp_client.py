"""An assistant, as far as a server can tell: the official MCP client, in the environment of requirements-mcp.txt.

    .venv/mcp/bin/python tests/mcp_client.py http://127.0.0.1:7860 < calls.json

Reads [[tool, arguments], …] and prints {"tools": {name: {"description", "schema"}}, "results": [{"error", "content"}]}.
"""

import asyncio
import json
import sys
from typing import Any

from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client


async def speak(address: str, calls: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Lists the tools of a page and calls some, one after the other."""
    async with (
        streamable_http_client(f"{address}/gradio_api/mcp/") as (reader, writer, _),
        ClientSession(reader, writer) as session,
    ):
        await session.initialize()
        tools = (await session.list_tools()).tools
        results = [await session.call_tool(name, arguments) for name, arguments in calls]
        return {
            "tools": {tool.name: {"description": tool.description, "schema": tool.inputSchema} for tool in tools},
            "results": [
                {"error": result.isError, "content": [part.model_dump(mode="json") for part in result.content]}
                for result in results
            ],
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(speak(sys.argv[1], json.load(sys.stdin)))))
