// {act: "issue", credential, key, controller, verificationMethod, created, pointers} -> {credential}
// {act: "derive", credential, pointers} -> {credential}
// {act: "verify", credential} -> {verified, error?}
//
// Selective disclosure with ecdsa-sd-2023, by @digitalbazaar/ecdsa-sd-2023-cryptosuite. `pointers`
// are the mandatory ones, or those that the holder chooses. What it cannot do is {refused}.

import jsigs from 'jsonld-signatures';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import {
  createDiscloseCryptosuite, createSignCryptosuite, createVerifyCryptosuite
} from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import {answer, explain} from './answer.mjs';
import {documentLoader} from './documents.mjs';

const common = () => ({
  purpose: new jsigs.purposes.AssertionProofPurpose(),
  documentLoader: documentLoader()
});

async function issue({credential, key, controller, verificationMethod, created, pointers}) {
  const pair = await EcdsaMultikey.from({
    type: 'Multikey', id: verificationMethod, controller, ...key
  });
  const cryptosuite = createSignCryptosuite({mandatoryPointers: pointers});
  const suite = new DataIntegrityProof({signer: pair.signer(), date: created, cryptosuite});
  return {credential: await jsigs.sign(credential, {suite, ...common()})};
}

async function derive({credential, pointers}) {
  const cryptosuite = createDiscloseCryptosuite({selectivePointers: pointers});
  const suite = new DataIntegrityProof({cryptosuite});
  return {credential: await jsigs.derive(credential, {suite, ...common()})};
}

async function verify({credential}) {
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  const {verified, error} = await jsigs.verify(credential, {suite, ...common()});
  return {verified, error: error && explain(error)};
}

const acts = {issue, derive, verify};

await answer(async request => {
  try {
    return await acts[request.act](request);
  } catch (error) {
    return {refused: explain(error)};
  }
});
