// {id, length, set: [index], statusPurpose} -> {credential}
// {encodedList, read: [index]} -> {bits}
//
// Status lists by @digitalbazaar/vc-bitstring-status-list: makes one, unsigned, or reads one.

import {createCredential, createList, decodeList} from '@digitalbazaar/vc-bitstring-status-list';
import {answer} from './answer.mjs';

await answer(async ({id, length, set, statusPurpose, encodedList, read}) => {
  if (encodedList) {
    const list = await decodeList({encodedList});
    return {bits: read.map(index => list.getStatus(index))};
  }
  const list = await createList({length});
  for (const index of set) list.setStatus(index, true);
  return {credential: await createCredential({id, list, statusPurpose})};
});
