"""A client by `gql`, over the transport that the first argument names. It reads the schema from the server and validates what
it sends."""

import sys
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from program import Results, run, websocket_url

OPERATIONS = Path(__file__).parents[1].joinpath("operations.graphql").read_text()

# As their documentation has them: no option is set.
TRANSPORTS = {
    "aiohttp": lambda origin: AIOHTTPTransport(url=f"{origin}/graphql"),
    "httpx": lambda origin: HTTPXAsyncTransport(url=f"{origin}/graphql"),
    "websockets": lambda origin: WebsocketsTransport(url=websocket_url(origin)),
    "aiohttp-websockets": lambda origin: AIOHTTPWebsocketsTransport(url=websocket_url(origin)),
}


async def execute(transport: str, origin: str, operation: str, variables: dict[str, Any]) -> Results:
    request = GraphQLRequest(OPERATIONS, variable_values=variables, operation_name=operation)
    client = Client(transport=TRANSPORTS[transport](origin), fetch_schema_from_transport=True)
    async with client as session:
        try:
            if operation == "Watch":
                async for data in session.subscribe(request):
                    yield {"data": data}
            else:
                yield {"data": await session.execute(request)}
        except TransportQueryError as error:
            yield {"errors": error.errors}


run(execute, sys.argv[1])
