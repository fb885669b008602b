// {credential, suite?, key: {publicKeyMultibase, secretKeyMultibase}, controller,
//  verificationMethod, created, documents?} -> {credential}
//
// Signs with a suite of `suites.mjs`, by @digitalbazaar/vc.

import {answer} from './answer.mjs';
import {issuer} from './data-integrity.mjs';
import {documentLoader} from './documents.mjs';

await answer(async request => {
  const sign = await issuer({...request, loader: documentLoader(request.documents)});
  return {credential: await sign(request.credential)};
});
