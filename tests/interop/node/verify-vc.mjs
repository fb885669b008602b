// {credential, suite?, documents, checkStatus?, now?} -> {verified, statuses?, error?}
//
// Verifies with @digitalbazaar/vc, in a suite of `suites.mjs`. With `checkStatus` each entry of
// `credentialStatus` is looked up by @digitalbazaar/vc-bitstring-status-list;
// a set bit shows in `statuses`, and `verified` is then false.

import {answer, explain} from './answer.mjs';
import {verify} from './data-integrity.mjs';
import {documentLoader} from './documents.mjs';

await answer(async ({credential, suite, documents, checkStatus, now}) => {
  const result = await verify({
    credential, suite, loader: documentLoader(documents), withStatus: checkStatus, now
  });
  const error = result.error ?? result.statusResult?.error;
  const statuses = result.statusResult?.results?.map(({credentialStatus, status}) => ({
    statusPurpose: credentialStatus.statusPurpose,
    statusListIndex: credentialStatus.statusListIndex,
    set: status
  }));
  return {
    // The library leaves it to the caller to judge a bit that is set.
    verified: result.verified && !statuses?.some(({set}) => set),
    ...(statuses && {statuses}),
    ...(error && {error: explain(error)})
  };
});
