// {document, documents?} -> {nquads}
// {batch: [document], documents?} -> {results: [{nquads} or {error}]}
//
// The RDFC-1.0 canonical N-Quads of a JSON-LD document, or of many, by
// jsonld.js in safe mode: a term that would be dropped unsigned is an error.

import jsonld from 'jsonld';
import {answer, explain} from './answer.mjs';
import {documentLoader} from './documents.mjs';

await answer(async ({document, batch, documents}) => {
  const loader = documentLoader(documents);
  if (!batch) return canonize(document, loader);
  const results = [];
  for (const one of batch) {
    results.push(await canonize(one, loader).catch(error => ({error: explain(error)})));
  }
  return {results};
});

async function canonize(document, documentLoader) {
  const nquads = await jsonld.canonize(document, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    base: null,
    safe: true,
    documentLoader
  });
  return {nquads};
}
