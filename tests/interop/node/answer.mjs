// JSON requests on standard input, a line each; one line of JSON for each on standard output.

import {text} from 'node:stream/consumers';

/**
 * Reads the requests, hands each to `reply` and prints what that returns.
 * A request that cannot be answered at all prints `{"error": ...}` and
 * leaves with code 1; a credential that does not verify is an answer.
 */
export async function answer(reply) {
  // Libraries that talk do so on standard error: standard output is ours.
  console.log = console.info = console.error;
  const lines = (await text(process.stdin)).split('\n').filter(line => line.trim());
  for (const line of lines) {
    try {
      print(await reply(JSON.parse(line)));
    } catch (error) {
      print({error: explain(error)});
      process.exitCode = 1;
    }
  }
}

/** The messages of an error and of all that caused it, outermost first. */
export function explain(error) {
  const messages = [];
  collect(error, messages);
  return messages.join(': ');
}

function collect(error, messages) {
  if (!error) return;
  const message = typeof error === 'string' ? error : error.message;
  if (message && !messages.some(known => known.includes(message))) messages.push(message);
  if (error.details?.event?.code) messages.push(JSON.stringify(error.details.event));
  collect(error.cause, messages);
  for (const inner of error.errors ?? []) collect(inner, messages);
}

function print(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}
