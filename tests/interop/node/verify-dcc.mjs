// {credential, documents, registries?} -> {log?, errors?, additionalInformation?}
//
// What the Digital Credentials Consortium's verifier-core says, step by step.
// It brings its own contexts; did:web documents, status lists and JSON
// schemas come from `documents`, keyed by URL or DID.

import {answer} from './answer.mjs';
import {replaceFetch} from './documents.mjs';

await answer(async ({credential, documents, registries = []}) => {
  replaceFetch(documents);
  const {verifyCredential} = await import('@digitalcredentials/verifier-core');
  const {log, errors, additionalInformation} = await verifyCredential({
    credential, knownDIDRegistries: registries
  });
  return {
    log,
    errors: errors?.map(({name, message, stackTrace}) => ({
      name, message: message ?? stackTrace?.message
    })),
    additionalInformation
  };
});
