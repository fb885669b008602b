"""Verifies an Open Badges 3.0 credential with openbadgeslib's full verifiers.

{credential | jwt | image, documents?, key?, recipient?, checkStatus?,
 unsignedStatusList?}
-> {verified, id?, recipient?, error?}

`credential` is JSON or its text, `image` a baked PNG or SVG in base64.
`documents` maps URLs (or did:web DIDs) to what is published there: a JSON
object or a text, such as a status list that is a JWT. `key` (Multikey or
JWK) stands in for an issuer that is no DID. The library takes only JWTs for
signed status lists; `unsignedStatusList` lets it read any other.
"""

import base64
import json
from urllib.parse import unquote

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier

from answer import answer, explain
from keys import public_key

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def verify(request):
    try:
        credential = check(request, text_of(request))
    except LibOpenBadgesException as error:
        return {"verified": False, "error": explain(error)}
    return {
        "verified": True,
        "id": credential.id,
        "recipient": credential.recipient_id,
    }


def text_of(request):
    """The text of the credential, whichever way it was handed in."""
    if "image" in request:
        image = base64.b64decode(request["image"])
        if image.startswith(PNG_SIGNATURE):
            return OB3Verifier.extract_token_from_png(image)
        return OB3Verifier.extract_token_from_svg(image)
    credential = request.get("jwt") or request["credential"]
    return credential if isinstance(credential, str) else json.dumps(credential)


def check(request, text):
    download = downloader(request.get("documents", {}))
    key = public_key(request["key"]) if "key" in request else None
    options = {
        "expected_recipient": request.get("recipient"),
        "check_status": bool(request.get("checkStatus")),
        "verify_status_list": not request.get("unsignedStatusList"),
        "download": download,
    }
    if text.lstrip().startswith("{"):
        return OB3LdpVerifier(pubkey_pem=key).verify(text, **options)
    if key is not None:
        return OB3Verifier(key).verify(text, **options)
    verifier = OB3Verifier.for_issuer_did(issuer_of(text), download=download)
    return verifier.verify(text, **options)


def issuer_of(jwt):
    """The issuer that an unverified JWT claims to have."""
    try:
        payload = jwt.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        issuer = claims["issuer"]
        return issuer if isinstance(issuer, str) else issuer["id"]
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise LibOpenBadgesException(f"no issuer in the JWT ({error!r})") from error


def downloader(documents):
    """What stands in for the network."""
    published = {
        did_web_url(name) if name.startswith("did:web:") else name: document
        for name, document in documents.items()
    }

    def download(url):
        if url not in published:
            raise OSError(f"{url} is not in the request")
        document = published[url]
        return (document if isinstance(document, str) else json.dumps(document)).encode()

    return download


def did_web_url(did):
    host, *path = [unquote(part) for part in did.split(":")[2:]]
    return f"https://{host}/{'/'.join(path) or '.well-known'}/did.json"


if __name__ == "__main__":
    answer(verify)
