// The service's own words, as its message files have them.

import { readFileSync } from "node:fs";

const read = (language) => JSON.parse(readFileSync(new URL(`../../badges-server/i18n/${language}.json`, import.meta.url)));

export const messages = { en: read("en"), ar: read("ar") };

/** Finds the words for a key in a language; a message with a `$1` gives what matches any value. */
export function words(language) {
  return (key) => {
    const text = messages[language][key];
    if (text === undefined) throw new Error(`there is no message ${key}`);
    if (!/\$\d|\{\{/.test(text)) return text;
    const literal = (piece) => piece.replace(/[.*+?^()[\]\\]/g, "\\$&").replace(/\$\d/g, ".*");
    const pattern = text
      .split(/(\{\{PLURAL:\$\d+\|[^}]*\}\})/)
      .map((piece) => {
        const forms = piece.match(/^\{\{PLURAL:\$\d+\|([^}]*)\}\}$/)?.[1];
        return forms ? `(?:${forms.split("|").map(literal).join("|")})` : literal(piece);
      })
      .join("");
    return new RegExp(pattern);
  };
}
