"""Signs and verifies COSE_Sign1 with `cwt`.

{op: "sign", key, alg, payload, kid} -> {cose}
{op: "verify", key, alg, kid, cose} -> {verified, payload?, error?}

`key` is a JWK, with `d` for signing; `cose` is the tagged message in base64;
`payload` is a text. The headers are those of W3C's Securing Verifiable
Credentials using JOSE and COSE.
"""

import base64

from cwt import COSE, COSEKey, VerifyError

from answer import answer, explain

CONTENT_TYPE, KEY_ID, TYPE = 3, 4, 16


def reply(request):
    # The library looks for the key by its id.
    key = COSEKey.from_jwk({**request["key"], "alg": request["alg"], "kid": request["kid"]})
    return sign(request, key) if request["op"] == "sign" else verify(request, key)


def sign(request, key):
    protected = {
        "alg": request["alg"],
        CONTENT_TYPE: "application/vc",
        KEY_ID: request["kid"].encode(),
        TYPE: "application/vc+cose",
    }
    message = COSE.new().encode_and_sign(request["payload"].encode(), key, protected)
    return {"cose": base64.b64encode(message).decode()}


def verify(request, key):
    message = base64.b64decode(request["cose"])
    try:
        return {"verified": True, "payload": COSE.new().decode(message, key).decode()}
    except VerifyError as error:
        return {"verified": False, "error": explain(error)}


if __name__ == "__main__":
    answer(reply)
