"""How many badges a second openbadgeslib signs and verifies, text to text.

    python bench.py FILE [--seconds S]
    python bench.py FILE --to-disk N DIR --png IMAGE

FILE is an unsigned credential of the issuer in ../badges/key.json. Rates are
per second of CPU time, the median of five windows after a warm-up. Verifying
is the full verifier, without status. With --to-disk, N badges are written as
signed JSON and baked into IMAGE.
"""

import argparse
import json
import statistics
import sys
import time
import uuid
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from openbadgeslib import baking
from openbadgeslib.keys import key_to_pem
from openbadgeslib.ob3 import OB3LdpVerifier, add_data_integrity_proof

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "../../interop/python"))

from keys import did_key_method, private_key  # noqa: E402

WINDOWS = 5
CREATED = datetime(2026, 4, 20, 8, 0, tzinfo=timezone.utc)


def main():
    arguments = parse_arguments()
    unsigned = arguments.file.read_text(encoding="utf-8")
    if arguments.to_disk:
        count, directory = int(arguments.to_disk[0]), Path(arguments.to_disk[1])
        measured = to_disk(unsigned, count, directory, arguments.png.read_bytes())
    else:
        measured = rates(unsigned, arguments.seconds)
    about = {
        "impl": f"openbadgeslib {version('openbadgeslib')}",
        "credential": arguments.file.stem,
    }
    print(json.dumps(about | measured))


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--to-disk", nargs=2, metavar=("N", "DIR"))
    parser.add_argument("--png", type=Path)
    return parser.parse_args()


def rates(unsigned, seconds):
    sign = signer()
    signed = sign(unsigned)
    verifier = OB3LdpVerifier()
    return {
        "sign_per_s": rate(seconds, lambda: sign(unsigned)),
        "verify_per_s": rate(seconds, lambda: verifier.verify(signed)),
    }


def rate(seconds, operation):
    window(seconds / 2, operation)
    found = [window(seconds / WINDOWS, operation) for _ in range(WINDOWS)]
    return round(statistics.median(found), 2)


def window(seconds, operation):
    start = time.process_time()
    end = time.monotonic() + seconds
    count = 0
    while count == 0 or time.monotonic() < end:
        operation()
        count += 1
    return count / (time.process_time() - start)


def to_disk(unsigned, count, directory, image):
    directory.mkdir(parents=True, exist_ok=True)
    sign = signer()
    start, cpu = time.monotonic(), time.process_time()
    for number in range(count):
        badge = json.loads(unsigned) | {"id": f"urn:uuid:{uuid.uuid4()}"}
        text = sign(json.dumps(badge))
        (directory / f"{number}.json").write_text(text, encoding="utf-8")
        baked = baking.bake_png(image, text, keyword=baking.ITXT_KEYWORD_OB3)
        (directory / f"{number}.png").write_bytes(baked)
    return {
        "to_disk": count,
        "seconds": round(time.monotonic() - start, 2),
        "cpu_seconds": round(time.process_time() - cpu, 2),
    }


def signer():
    key = json.loads((HERE / "../badges/key.json").read_text())
    secret, method = key_to_pem(private_key(key)), did_key_method(key)

    def sign(text):
        return json.dumps(add_data_integrity_proof(
            json.loads(text), secret, method, created=CREATED))

    return sign


if __name__ == "__main__":
    main()
