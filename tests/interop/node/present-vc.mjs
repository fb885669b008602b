// {presentation, suite?, key, controller, verificationMethod, created, challenge, domain?,
//  documents?} -> {presentation}
//
// Signs a presentation with a suite of `suites.mjs`, by @digitalbazaar/vc.

import {answer} from './answer.mjs';
import {present} from './data-integrity.mjs';
import {documentLoader} from './documents.mjs';

await answer(async request => ({
  presentation: await present({...request, loader: documentLoader(request.documents)})
}));
