"""One JSON request on standard input, one line of JSON on standard output."""

import json
import socket
import sys


def answer(reply):
    """Read the request, hand it to `reply` and print what that returns.

    A request that cannot be answered at all prints `{"error": ...}` and
    leaves with code 1; a credential that does not verify is an answer.
    """
    socket.socket.connect = _no_network
    try:
        print(json.dumps(reply(json.load(sys.stdin))))
    except Exception as error:
        print(json.dumps({"error": explain(error)}))
        sys.exit(1)


def explain(error):
    return f"{type(error).__name__}: {error}"


def _no_network(*_):
    raise OSError("these programs do not use the network")
