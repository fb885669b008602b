"""A table of the benchmark's lines: rates, and ratios to ours and the floor.

Ours is the line with `floor_sign_per_s` and `floor_verify_per_s`.
"""

import json
import sys


def main():
    lines = [json.loads(line) for line in sys.stdin if line.strip()]
    for credential in dict.fromkeys(line["credential"] for line in lines):
        print_table(credential, [line for line in lines if line["credential"] == credential])


def print_table(credential, lines):
    ours = next((line for line in lines if "floor_sign_per_s" in line), None)
    heads = ["sign/s", "ours", "floor", "verify/s", "ours", "floor"]
    print(f"\n{credential:<24}" + "".join(f"{head:>11}" for head in heads))
    if ours:
        floor = {name: ours[f"floor_{name}"] for name in ("sign_per_s", "verify_per_s")}
        print_row("floor", floor, ours)
    for line in lines:
        print_row(line["impl"], line, ours)


def print_row(name, line, ours):
    cells = []
    for rate in ("sign_per_s", "verify_per_s"):
        cells.append(f"{line[rate]:,.0f}")
        cells.append(ratio(ours and ours[rate], line[rate]))
        cells.append(ratio(ours and ours[f"floor_{rate}"], line[rate]))
    print(f"{name:<24}" + "".join(f"{cell:>11}" for cell in cells))


def ratio(reference, rate):
    """How many times slower than the reference."""
    return f"{reference / rate:,.2f} x" if reference else "-"


if __name__ == "__main__":
    main()
