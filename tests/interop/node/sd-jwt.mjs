// {act: "issue", payload, header, key, conceal} -> {sdJwt}
// {act: "present", sdJwt, show, binding?: {key, payload}} -> {sdJwt}
// {act: "verify", sdJwt, key, nonce?} -> {verified, payload?, error?}
//
// SD-JWT by @sd-jwt/core. Keys are JWKs of P-256. `conceal` and `show` are the library's frames;
// a `nonce` asks for key binding to the key in `cnf`.

import {createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify} from 'node:crypto';
import {SDJwtInstance} from '@sd-jwt/core';
import {answer, explain} from './answer.mjs';

// The signatures of JOSE are both numbers side by side, not ASN.1.
const dsaEncoding = 'ieee-p1363';

const signer = jwk => data => {
  const key = createPrivateKey({key: jwk, format: 'jwk'});
  return sign('sha256', Buffer.from(data), {key, dsaEncoding}).toString('base64url');
};

const holds = (data, signature, jwk) => {
  const {d, ...publicPart} = jwk;
  const key = createPublicKey({key: publicPart, format: 'jwk'});
  return verify('sha256', Buffer.from(data), {key, dsaEncoding}, Buffer.from(signature, 'base64url'));
};

const instance = more => new SDJwtInstance({
  signAlg: 'ES256',
  hashAlg: 'sha-256',
  hasher: (data, algorithm) => createHash(algorithm.replace('-', '')).update(data).digest(),
  saltGenerator: length => randomBytes(length).toString('base64url'),
  ...more
});

const acts = {
  async issue({payload, header, key, conceal}) {
    const issuer = instance({signer: signer(key)});
    return {sdJwt: await issuer.issue(payload, conceal, {header})};
  },
  async present({sdJwt, show, binding}) {
    const holder = instance(binding && {kbSigner: signer(binding.key), kbSignAlg: 'ES256'});
    const kb = binding && {payload: binding.payload};
    return {sdJwt: await holder.present(sdJwt, show, kb && {kb})};
  },
  async verify({sdJwt, key, nonce}) {
    const verifier = instance({
      verifier: (data, signature) => holds(data, signature, key),
      kbVerifier: (data, signature, payload) => holds(data, signature, payload.cnf.jwk)
    });
    try {
      const {payload} = await verifier.verify(sdJwt, nonce && {keyBindingNonce: nonce});
      return {verified: true, payload};
    } catch (error) {
      return {verified: false, error: explain(error)};
    }
  }
};

await answer(request => acts[request.act](request));
