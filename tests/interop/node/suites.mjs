// The cryptosuites and proof types that the other implementation has, by their names.

import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaRdfc from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as eddsaRdfc from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2018} from '@digitalbazaar/ed25519-signature-2018';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';

const CRYPTOSUITES = {
  'ecdsa-jcs-2019': ecdsaJcs,
  'ecdsa-rdfc-2019': ecdsaRdfc,
  'eddsa-jcs-2022': eddsaJcs,
  'eddsa-rdfc-2022': eddsaRdfc
};
// Suites that are a proof type of their own.
const TYPES = {Ed25519Signature2018, Ed25519Signature2020};

const DEFAULT_SUITE = 'eddsa-rdfc-2022';

/** The key that signs in a suite, from a Multikey pair. */
export function keyPair({suite = DEFAULT_SUITE, key, controller, verificationMethod}) {
  const {from} = suite.startsWith('ecdsa') ? EcdsaMultikey : Ed25519Multikey;
  return from({type: 'Multikey', id: verificationMethod, controller, ...key});
}

/** What signs with such a key. */
export function signing({suite = DEFAULT_SUITE, pair, created}) {
  const options = {signer: pair.signer(), date: created};
  if (TYPES[suite]) return new TYPES[suite](options);
  const {cryptosuite, createSignCryptosuite} = CRYPTOSUITES[suite];
  return new DataIntegrityProof({
    ...options, cryptosuite: cryptosuite ?? createSignCryptosuite()
  });
}

/** What verifies proofs of this suite. */
export function verifying(suite = DEFAULT_SUITE) {
  if (TYPES[suite]) return new TYPES[suite]();
  const {cryptosuite, createVerifyCryptosuite} = CRYPTOSUITES[suite];
  return new DataIntegrityProof({cryptosuite: cryptosuite ?? createVerifyCryptosuite()});
}
