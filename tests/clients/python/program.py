"""What the Python clients have in common: a client is a program that executes one operation of operations.graphql.

It is called with ORIGIN OPERATION VARIABLES, where VARIABLES are JSON. It writes each result as a line of JSON, and ends when
there are no more or when standard input ends.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

Results = AsyncIterator[dict[str, Any]]


def run(execute: Callable[..., Results], *arguments: str) -> None:
    """Writes the results of `execute`, which is called with `arguments` and those that every program has."""
    *_, origin, operation, variables = sys.argv
    with suppress(asyncio.CancelledError):
        asyncio.run(write(execute(*arguments, origin, operation, json.loads(variables))))


async def write(results: Results) -> None:
    task = asyncio.current_task()
    assert task
    # Nothing is sent to standard input, so it can be read when it has ended. Cancelling gives the client its chance to
    # unsubscribe.
    asyncio.get_running_loop().add_reader(sys.stdin, task.cancel)
    async for result in results:
        print(json.dumps(result), flush=True)


def websocket_url(origin: str) -> str:
    return origin.replace("http", "ws", 1) + "/graphql/ws"
