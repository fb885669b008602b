// Data Integrity as @digitalbazaar/vc does it, in any of its suites.

import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {keyPair, signing, verifying} from './suites.mjs';

/** A function that signs one unsigned credential after another. */
export async function issuer({suite, created, loader, ...who}) {
  const pair = await keyPair({suite, ...who});
  return credential => vc.issue({
    credential,
    suite: signing({suite, pair, created}),
    documentLoader: loader,
    now: created
  });
}

/** Signs a presentation, in answer to a challenge and for a domain. */
export async function present({presentation, suite, created, loader, challenge, domain, ...who}) {
  return vc.signPresentation({
    presentation,
    suite: signing({suite, pair: await keyPair({suite, ...who}), created}),
    documentLoader: loader,
    challenge,
    domain
  });
}

/**
 * What the library says of a signed credential. Without `withStatus` its
 * `credentialStatus` is passed over; with it, the bits are in `statusResult`.
 */
export function verify({credential, suite, loader, withStatus = false, now}) {
  return vc.verifyCredential({
    credential,
    suite: verifying(suite),
    documentLoader: loader,
    checkStatus: withStatus ? checkStatus : async () => ({verified: true}),
    now
  });
}
