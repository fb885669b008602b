"""JSON requests on standard input, a line each; one line of JSON for each on standard output."""

import json
import socket
import sys


def answer(reply):
    """Read the requests, hand each to `reply` and print what that returns.

    A request that cannot be answered at all prints `{"error": ...}` and
    leaves with code 1; a credential that does not verify is an answer.
    """
    socket.socket.connect = _no_network
    failed = False
    # All of them first: whoever asks may read no answer before the last request is written.
    for line in list(filter(str.strip, sys.stdin)):
        try:
            print(json.dumps(reply(json.loads(line))))
        except Exception as error:
            print(json.dumps({"error": explain(error)}))
            failed = True
    sys.exit(failed)


def explain(error):
    return f"{type(error).__name__}: {error}"


def _no_network(*_):
    raise OSError("these programs do not use the network")
