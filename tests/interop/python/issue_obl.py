"""Issues an Open Badges 3.0 credential with openbadgeslib.

{credential, key, verificationMethod?, created?, proof?, alg?, asIs?, image?}
-> {credential | jwt, image?}

`credential` is unsigned and names its issuer; `key` is a Multikey pair or,
for a JWT, a JWK; `verificationMethod` is that of the key's did:key when it
is not given. `proof` is "data-integrity" (eddsa-rdfc-2022) or "jwt". The
library keeps what its own model of a credential knows; with `asIs` every
member is signed as it is given. `image` (PNG or SVG, base64) comes back with
the credential baked in.
"""

import base64
import json
from datetime import datetime

from openbadgeslib import baking
from openbadgeslib.ob3 import (
    OB3LdpSigner, OB3Signer, OpenBadgeCredential, add_data_integrity_proof)

from answer import answer
from keys import did_key_method, private_key

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def issue(request):
    if request.get("proof") == "jwt":
        signed = {"jwt": sign_jwt(request)}
        text = signed["jwt"]
    else:
        signed = {"credential": sign_data_integrity(request)}
        text = json.dumps(signed["credential"])
    if "image" in request:
        image = bake(base64.b64decode(request["image"]), text)
        signed["image"] = base64.b64encode(image).decode()
    return signed


def sign_data_integrity(request):
    key = request["key"]
    method = request.get("verificationMethod") or did_key_method(key)
    created = request.get("created")
    created = datetime.fromisoformat(created) if created else None
    if request.get("asIs"):
        return add_data_integrity_proof(
            request["credential"], private_key(key), method, created=created)
    signer = OB3LdpSigner(private_key(key), verification_method=method)
    return signer.sign(model(request), created=created)


def sign_jwt(request):
    signer = OB3Signer(private_key(request["key"]), request.get("alg", "EdDSA"))
    if request.get("asIs"):
        return signer.sign_payload(request["credential"])
    return signer.sign(model(request))


def model(request):
    return OpenBadgeCredential.from_vc_document(request["credential"])


def bake(image, text):
    if image.startswith(PNG_SIGNATURE):
        return baking.bake_png(image, text, keyword=baking.ITXT_KEYWORD_OB3)
    return baking.bake_svg(
        image, text,
        element=baking.SVG_ELEMENT_OB3,
        namespace=baking.SVG_NS_OB3,
        as_text=text.startswith("{"))


if __name__ == "__main__":
    answer(issue)
