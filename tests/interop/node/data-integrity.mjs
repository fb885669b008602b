// Data Integrity with eddsa-rdfc-2022 as @digitalbazaar/vc does it.

import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

/** A function that signs one unsigned credential after another. */
export async function issuer({key, controller, verificationMethod, created, loader}) {
  const pair = await Ed25519Multikey.from({
    type: 'Multikey', id: verificationMethod, controller, ...key
  });
  return credential => vc.issue({
    credential,
    suite: new DataIntegrityProof({signer: pair.signer(), date: created, cryptosuite}),
    documentLoader: loader,
    now: created
  });
}

/**
 * What the library says of a signed credential. Without `withStatus` its
 * `credentialStatus` is passed over; with it, the bits are in `statusResult`.
 */
export function verify({credential, loader, withStatus = false, now}) {
  return vc.verifyCredential({
    credential,
    suite: new DataIntegrityProof({cryptosuite}),
    documentLoader: loader,
    checkStatus: withStatus ? checkStatus : async () => ({verified: true}),
    now
  });
}
