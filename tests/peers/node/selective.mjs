// How many badges a second @digitalbazaar/ecdsa-sd-2023-cryptosuite signs, derives a part of, and
// verifies. The same as badges-core/examples/selective.rs does.
//
//   node selective.mjs FILE [--seconds S]

import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {parseArgs} from 'node:util';
import jsigs from '../../interop/node/node_modules/jsonld-signatures/lib/jsonld-signatures.js';
import {DataIntegrityProof} from '../../interop/node/node_modules/@digitalbazaar/data-integrity/lib/index.js';
import * as EcdsaMultikey from '../../interop/node/node_modules/@digitalbazaar/ecdsa-multikey/lib/index.js';
import {
  createDiscloseCryptosuite, createSignCryptosuite, createVerifyCryptosuite
} from '../../interop/node/node_modules/@digitalbazaar/ecdsa-sd-2023-cryptosuite/lib/index.js';
import {documentLoader} from '../../interop/node/documents.mjs';

const {values, positionals: [file]} = parseArgs({
  allowPositionals: true, options: {seconds: {type: 'string', default: '3'}}
});
const seconds = Number(values.seconds);
const unsigned = readFileSync(file, 'utf8');
const key = JSON.parse(readFileSync(new URL('key-p256.json', `file://${file}`)));
const controller = `did:key:${key.publicKeyMultibase}`;
const common = {
  purpose: new jsigs.purposes.AssertionProofPurpose(), documentLoader: documentLoader()
};
const pair = await EcdsaMultikey.from({
  type: 'Multikey', id: `${controller}#${key.publicKeyMultibase}`, controller, ...key
});
const suite = (cryptosuite, rest) => new DataIntegrityProof({cryptosuite, ...rest});
const sign = () => jsigs.sign(JSON.parse(unsigned), {
  suite: suite(createSignCryptosuite({mandatoryPointers: ['/issuer']}),
    {signer: pair.signer(), date: '2026-01-01T00:00:00Z'}),
  ...common
});
const signed = JSON.stringify(await sign());
const selectivePointers = ['/credentialSubject/achievement/name'];
const derive = () => jsigs.derive(JSON.parse(signed), {
  suite: suite(createDiscloseCryptosuite({selectivePointers})), ...common
});
const derived = JSON.stringify(await derive());
const verify = async () => {
  const {verified, error} = await jsigs.verify(JSON.parse(derived),
    {suite: suite(createVerifyCryptosuite()), ...common});
  if (!verified) throw error;
};

console.log(JSON.stringify({
  impl: '@digitalbazaar/ecdsa-sd-2023-cryptosuite',
  credential: basename(file, '.json'),
  sign_per_s: await rate(sign),
  derive_per_s: await rate(derive),
  verify_per_s: await rate(verify)
}));

async function rate(task) {
  await window(task, seconds / 5);
  const found = [];
  for (let i = 0; i < 5; i++) found.push(await window(task, seconds / 5));
  return Math.round(found.sort((a, b) => a - b)[2] * 10) / 10;
}

async function window(task, length) {
  const cpu = process.cpuUsage();
  const end = performance.now() + length * 1000;
  let count = 0;
  do {
    await task();
    count++;
  } while (performance.now() < end);
  const {user, system} = process.cpuUsage(cpu);
  return (count * 1e6) / (user + system);
}
