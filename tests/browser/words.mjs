// The words of po/*.po, so that a walk in four languages need not repeat them: word('de', 'sign-in') is "Anmelden".
import { readFileSync } from 'node:fs';

const catalogues = {};

function read(language) {
  const words = {};
  for (const [, id, text] of readFileSync(`po/${language}.po`, 'utf8').matchAll(/^msgid "(.+)"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? "(.*)"$/gm))
    words[id] = text.replace(/\\(.)/g, '$1');
  return words;
}

export function word(language, id, values = {}) {
  const text = (catalogues[language] ??= read(language))[id];
  if (text === undefined) throw new Error(`no "${id}" in po/${language}.po`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
