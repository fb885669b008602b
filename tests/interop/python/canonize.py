"""The canonical N-Quads of a document, by PyLD.

{document} -> {nquads}

Contexts are those of badges-core. PyLD has the algorithm under the name that it had before it was a standard.
"""

import json
from functools import cache
from pathlib import Path

from pyld import jsonld

from answer import answer


CONTEXTS = Path(__file__).parents[3] / "badges-core" / "contexts"


def canonize(request):
    return {"nquads": jsonld.normalize(request["document"], {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": load,
    })}


def load(url, _options):
    return {"contextUrl": None, "documentUrl": url, "document": contexts()[url]}


@cache
def contexts():
    """The newest text of each context, which comes first."""
    lines = (CONTEXTS / "index.tsv").read_text().splitlines()
    files = dict(line.split("\t")[:2] for line in reversed(lines))
    return {url: json.loads((CONTEXTS / file).read_text()) for url, file in files.items()}


if __name__ == "__main__":
    answer(canonize)
