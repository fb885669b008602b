// {op: "sign", alg, key, payload, header?} -> {jwt}
// {op: "verify", alg, key, jwt, now?} -> {verified, header?, payload?, error?}
//
// JSON Web Tokens by jose; `key` is a JWK. Verifying looks at `exp` and `nbf`.

import {SignJWT, importJWK, jwtVerify} from 'jose';
import {answer, explain} from './answer.mjs';

await answer(async ({op, alg, key, payload, header, jwt, now}) => {
  const imported = await importJWK(op === 'verify' ? publicPart(key) : key, alg);
  if (op === 'sign') {
    const token = new SignJWT(payload).setProtectedHeader({alg, ...header});
    return {jwt: await token.sign(imported)};
  }
  if (op !== 'verify') throw new Error(`unknown op "${op}"`);
  try {
    const result = await jwtVerify(jwt, imported, {
      algorithms: [alg], currentDate: now && new Date(now)
    });
    return {verified: true, header: result.protectedHeader, payload: result.payload};
  } catch (error) {
    return {verified: false, error: explain(error)};
  }
});

function publicPart({d, p, q, dp, dq, qi, ...members}) {
  return members;
}
