// {credential, key: {publicKeyMultibase, secretKeyMultibase}, controller,
//  verificationMethod, created, documents?} -> {credential}
//
// Signs with eddsa-rdfc-2022, by @digitalbazaar/vc.

import {answer} from './answer.mjs';
import {issuer} from './data-integrity.mjs';
import {documentLoader} from './documents.mjs';

await answer(async request => {
  const sign = await issuer({...request, loader: documentLoader(request.documents)});
  return {credential: await sign(request.credential)};
});
