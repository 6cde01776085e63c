"""Solves the challenge that comes with the error CHALLENGE_REQUIRED. It needs nothing but Python's own library."""

import base64
import hashlib
import json
from itertools import count
from typing import Any


def solve(challenge: dict[str, Any]) -> str:
    """Returns what to send as `challengeSolution`: the payload of ALTCHA, version 2."""
    parameters = challenge["parameters"]
    assert parameters["algorithm"] == "PBKDF2/SHA-256"
    nonce, salt = bytes.fromhex(parameters["nonce"]), bytes.fromhex(parameters["salt"])
    wanted = bytes.fromhex(parameters["keyPrefix"])
    # Some number below a limit gives a key that begins as wanted.
    for counter in count():
        password = nonce + counter.to_bytes(4, "big")
        key = hashlib.pbkdf2_hmac("sha256", password, salt, parameters["cost"], parameters["keyLength"])
        if key.startswith(wanted):
            payload = {"challenge": challenge, "solution": {"counter": counter, "derivedKey": key.hex()}}
            return base64.b64encode(json.dumps(payload).encode()).decode()
    raise AssertionError("count() does not end")
