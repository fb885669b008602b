// {document, documents?} -> {nquads}
//
// The RDFC-1.0 canonical N-Quads of a JSON-LD document, by jsonld.js in safe
// mode: a term that would be dropped unsigned is an error.

import jsonld from 'jsonld';
import {answer} from './answer.mjs';
import {documentLoader} from './documents.mjs';

await answer(async ({document, documents}) => ({
  nquads: await jsonld.canonize(document, {
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
    base: null,
    safe: true,
    documentLoader: documentLoader(documents)
  })
}));
