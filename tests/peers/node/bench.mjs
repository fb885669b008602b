// How many badges a second @digitalbazaar/vc signs and verifies, text to text.
//
//   node bench.mjs FILE [--seconds S]
//   node bench.mjs FILE --to-disk N DIR --png IMAGE
//
// FILE is an unsigned credential of the issuer in ../badges/key.json. Rates
// are per second of CPU time, the median of five windows after a warm-up.
// With --to-disk, N badges are written as signed JSON and baked into IMAGE.

import {randomUUID} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename} from 'node:path';
import {parseArgs} from 'node:util';
import {crc32} from 'node:zlib';
import {issuer, verify} from '../../interop/node/data-integrity.mjs';
import {documentLoader} from '../../interop/node/documents.mjs';

const WINDOWS = 5;
const CREATED = '2026-04-20T08:00:00Z';
const KEYWORD = 'openbadgecredential';

const {values: options, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    seconds: {type: 'string', default: '5'},
    'to-disk': {type: 'string'},
    png: {type: 'string'}
  }
});
const [file, directory] = positionals;
const unsigned = readFileSync(file, 'utf8');
const loader = documentLoader();
const sign = await signer();
const about = {impl: `@digitalbazaar/vc ${version()}`, credential: basename(file, '.json')};

const measured = options['to-disk']
  ? await toDisk(Number(options['to-disk']), readFileSync(options.png))
  : await rates(Number(options.seconds));
console.log(JSON.stringify({...about, ...measured}));

async function rates(seconds) {
  const signed = await sign(unsigned);
  await mustVerify(signed);
  return {
    sign_per_s: await rate(seconds, () => sign(unsigned)),
    verify_per_s: await rate(seconds, () => mustVerify(signed))
  };
}

async function rate(seconds, operation) {
  await window(seconds / 2, operation);
  const found = [];
  for (let i = 0; i < WINDOWS; i++) found.push(await window(seconds / WINDOWS, operation));
  return round(found.sort((a, b) => a - b)[WINDOWS >> 1]);
}

async function window(seconds, operation) {
  const cpu = process.cpuUsage();
  const end = performance.now() + seconds * 1000;
  let count = 0;
  do {
    await operation();
    count++;
  } while (performance.now() < end);
  const {user, system} = process.cpuUsage(cpu);
  return (count * 1e6) / (user + system);
}

async function toDisk(count, image) {
  mkdirSync(directory, {recursive: true});
  const start = performance.now();
  const cpu = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    const badge = {...JSON.parse(unsigned), id: `urn:uuid:${randomUUID()}`};
    const text = await sign(JSON.stringify(badge));
    writeFileSync(`${directory}/${i}.json`, text);
    writeFileSync(`${directory}/${i}.png`, bake(image, text));
  }
  const {user, system} = process.cpuUsage(cpu);
  return {
    to_disk: count,
    seconds: round((performance.now() - start) / 1000),
    cpu_seconds: round((user + system) / 1e6)
  };
}

async function signer() {
  const key = JSON.parse(readFileSync(new URL('../badges/key.json', import.meta.url)));
  const controller = `did:key:${key.publicKeyMultibase}`;
  const verificationMethod = `${controller}#${key.publicKeyMultibase}`;
  const issue = await issuer({key, controller, verificationMethod, created: CREATED, loader});
  return async text => JSON.stringify(await issue(JSON.parse(text)));
}

async function mustVerify(text) {
  const {verified, error} = await verify({credential: JSON.parse(text), loader});
  if (!verified) throw error;
}

// The library does not bake: an uncompressed iTXt chunk before IEND, which
// is always the last twelve bytes.
function bake(image, text) {
  const data = Buffer.from(`iTXt${KEYWORD}\0\0\0\0\0${text}`);
  const chunk = Buffer.alloc(data.length + 8);
  chunk.writeUInt32BE(data.length - 4);
  data.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(data), data.length + 4);
  return Buffer.concat([image.subarray(0, -12), chunk, image.subarray(-12)]);
}

function version() {
  const url = new URL('../../interop/node/package.json', import.meta.url);
  return JSON.parse(readFileSync(url)).dependencies['@digitalbazaar/vc'];
}

function round(number) {
  return Math.round(number * 100) / 100;
}
