"""A client by `gql` over httpx that does the work that is asked for, and sends the same input again."""

from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport

from challenge import solve
from program import Results, run

OPERATIONS = Path(__file__).parents[1].joinpath("operations.graphql").read_text()


async def execute(origin: str, operation: str, variables: dict[str, Any]) -> Results:
    client = Client(transport=HTTPXAsyncTransport(url=f"{origin}/graphql"))
    async with client as session:
        while True:
            request = GraphQLRequest(OPERATIONS, variable_values=variables, operation_name=operation)
            try:
                yield {"data": await session.execute(request)}
                return
            except TransportQueryError as error:
                extensions = error.errors[0]["extensions"]
                if extensions["code"] != "CHALLENGE_REQUIRED":
                    yield {"errors": error.errors}
                    return
                solution = solve(extensions["challenge"])
                variables = {"input": variables["input"] | {"challengeSolution": solution}}


run(execute)
