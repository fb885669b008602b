// What the other implementations may load, without a network: the documents
// of the request, the contexts of badges-core, and did:key documents, which
// follow from their own name.

import {readFileSync} from 'node:fs';

const CONTEXTS = new URL('../../../badges-core/contexts/', import.meta.url);
const MULTIKEY_CONTEXT = 'https://w3id.org/security/multikey/v1';

/**
 * A JSON-LD document loader that answers from `documents` (URL or DID to
 * JSON object) first, then from the contexts, then by did:key. A URL with a
 * fragment that is not itself a document is looked up inside the document.
 */
export function documentLoader(documents = {}) {
  return async url => {
    const document = find(url, documents);
    if (document !== undefined) {
      return {contextUrl: null, documentUrl: url, document: structuredClone(document)};
    }
    const known = context(url);
    if (known !== undefined) {
      // The tag lets jsonld.js keep what it has worked out of the context.
      return {contextUrl: null, documentUrl: url, document: known, tag: 'static'};
    }
    throw new Error(`"${url}" is neither in the request nor a known context`);
  };
}

/**
 * Puts the documents and the contexts behind `fetch`, and nothing else. As
 * on the web, a fragment is no part of what is asked for.
 */
export function replaceFetch(documents = {}) {
  globalThis.fetch = async request => {
    const [url] = (request.url ?? String(request)).split('#');
    const document = findPublished(url, documents) ?? context(url);
    return document === undefined
      ? new Response(`no document for ${url}`, {status: 404})
      : Response.json(document);
  };
}

function find(url, documents) {
  if (Object.hasOwn(documents, url)) return documents[url];
  const [base, fragment] = url.split('#');
  const whole = findPublished(base, documents) ?? didKeyDocument(base);
  return fragment === undefined || whole === undefined ? whole : nodeOf(whole, url);
}

// A did:web document may stand under its DID or under the URL it is
// published at, whichever way round it is asked for.
function findPublished(url, documents) {
  if (Object.hasOwn(documents, url)) return documents[url];
  if (url.startsWith('did:web:')) return documents[didWebUrl(url)];
  const did = Object.keys(documents).find(
    key => key.startsWith('did:web:') && didWebUrl(key) === url);
  return documents[did];
}

function didWebUrl(did) {
  const [host, ...path] = did.split(':').slice(2).map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

function didKeyDocument(did) {
  const key = /^did:key:(z[1-9A-HJ-NP-Za-km-z]+)$/.exec(did)?.[1];
  if (!key) return undefined;
  const method = `${did}#${key}`;
  return {
    '@context': ['https://www.w3.org/ns/did/v1', MULTIKEY_CONTEXT],
    id: did,
    verificationMethod: [
      {id: method, type: 'Multikey', controller: did, publicKeyMultibase: key}
    ],
    assertionMethod: [method],
    authentication: [method]
  };
}

function nodeOf(document, id) {
  const node = Object.values(document)
    .flat()
    .find(value => value?.id === id);
  if (!node) return undefined;
  const own = node.type === 'Multikey' ? MULTIKEY_CONTEXT : document['@context'];
  return {'@context': own, ...node};
}

let contextFiles;
const contexts = new Map();

function context(url) {
  contextFiles ??= readIndex();
  const file = contextFiles.get(url);
  if (file && !contexts.has(url)) {
    contexts.set(url, JSON.parse(readFileSync(new URL(file, CONTEXTS), 'utf8')));
  }
  return contexts.get(url);
}

// Rows of `url<TAB>file<TAB>sha256`; of several texts under one name the
// first is the current one.
function readIndex() {
  const rows = readFileSync(new URL('index.tsv', CONTEXTS), 'utf8')
    .split('\n')
    .map(line => line.split('\t'))
    .filter(([url, file]) => url.includes(':') && file);
  return new Map(rows.reverse().map(([url, file]) => [url, file]));
}
