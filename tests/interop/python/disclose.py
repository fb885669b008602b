"""SD-JWT by `sd-jwt`, the reference implementation.

{act: "issue", payload, header, key, conceal} -> {sdJwt}
{act: "present", sdJwt, show, binding?: {key, payload}} -> {sdJwt}
{act: "verify", sdJwt, key, nonce?, audience?} -> {verified, payload?, error?}

The requests are those of `node/sd-jwt.mjs`. Keys are JWKs of P-256; `nonce`
and `audience` ask for key binding to the key in `cnf`.
"""

import json

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from sd_jwt import holder
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from answer import answer, explain


def issue(request):
    claims = concealed(request["payload"], request["conceal"])
    issued = SDJWTIssuer(claims, jwk(request), extra_header_parameters=request["header"])
    return {"sdJwt": issued.sd_jwt_issuance}


def concealed(value, frame):
    """The value, with what the frame names in `_sd` made to be disclosed."""
    hidden = frame.get("_sd", [])
    if isinstance(value, dict):
        return {
            SDObj(name) if name in hidden else name: concealed(member, frame.get(name, {}))
            for name, member in value.items()
        }
    if isinstance(value, list):
        items = (concealed(item, frame.get(str(at), {})) for at, item in enumerate(value))
        return [SDObj(item) if at in hidden else item for at, item in enumerate(items)]
    return value


def present(request):
    presented = SDJWTHolder(request["sdJwt"])
    binding = request.get("binding")
    if binding is None:
        presented.create_presentation(request["show"])
    else:
        said = binding["payload"]
        # The library binds at the present time only.
        holder.time = lambda: said["iat"]
        presented.create_presentation(request["show"], said["nonce"], said["aud"], jwk(binding))
    return {"sdJwt": presented.sd_jwt_presentation}


def verify(request):
    key = jwk(request)
    expected = request.get("audience"), request.get("nonce")
    try:
        verified = SDJWTVerifier(request["sdJwt"], lambda _issuer, _header: key, *expected)
        return {"verified": True, "payload": verified.get_verified_payload()}
    except (JWException, ValueError) as error:
        return {"verified": False, "error": explain(error)}


def jwk(request):
    return JWK.from_json(json.dumps(request["key"]))


ACTS = {"issue": issue, "present": present, "verify": verify}

if __name__ == "__main__":
    answer(lambda request: ACTS[request["act"]](request))
