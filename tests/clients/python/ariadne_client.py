"""A client that `ariadne-codegen` generated from schema.graphql and operations.graphql, with types for all it sends and gets."""

import sys
from pathlib import Path
from typing import Any

from program import Results, run, websocket_url

# Where scripts/ensure-clients has it generated.
sys.path.append(str(Path(__file__).parents[3] / "target/clients"))

from taxbudget_client import Client, GraphQLClientGraphQLMultiError, SubmitAllocationInput


async def execute(origin: str, operation: str, variables: dict[str, Any]) -> Results:
    async with Client(url=f"{origin}/graphql", ws_url=websocket_url(origin)) as client:
        try:
            match operation:
                case "Read":
                    result = await client.read(slug=variables["slug"])
                case "Find":
                    result = await client.find(id=variables["id"])
                case "Submit":
                    result = await client.submit(SubmitAllocationInput.model_validate(variables["input"]))
                case "Watch":
                    async for result in client.watch(budget=variables["budget"]):
                        yield {"data": result.model_dump(mode="json", by_alias=True)}
                    return
                case _:
                    raise ValueError(operation)
            yield {"data": result.model_dump(mode="json", by_alias=True)}
        except GraphQLClientGraphQLMultiError as failure:
            yield {
                "errors": [
                    {"message": error.message, "path": error.path, "extensions": error.extensions}
                    for error in failure.errors
                ]
            }


run(execute)
