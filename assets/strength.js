/* strength.js: tells in words how strong a new password is while it is typed. Nothing leaves the page: this is a rough guess from length, variety and words;
 * the server decides, with a better one.
 *   <div data-strength="ID" data-words="the house|the person" hidden> .meter with four <i>, and four <span data-step="1" hidden> with the words </div> */
const rows = ["qwertyuiop", "qwertzuiopü", "azertyuiop", "asdfghjklöä", "qsdfghjklm", "zxcvbnm", "yxcvbnm", "wxcvbn", "1234567890", "abcdefghijklmnopqrstuvwxyz"];
const easy = ["password", "passwort", "motdepasse", "kennwort", "welcome", "willkommen", "bienvenue", "benvenuto", "schweiz", "suisse", "svizzera", "theater",
  "theatre", "teatro", "ticket", "sommer", "winter", "herbst", "fruhling", "summer", "spring", "autumn", "hiver", "printemps", "automne", "estate", "inverno",
  "primavera", "autunno", "iloveyou", "ichliebedich", "jetaime", "tiamo", "admin", "geheim", "secret", "segreto"];

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/* Whether B goes on from A: the same again, or the next one on a row of keys or in the alphabet, either way. */
const follows = (a, b) => a === b || rows.some((row) => row.includes(a + b) || row.includes(b + a));

function bits(password, words) {
  let text = plain(password), sum = 0;
  for (const word of words) if (word.length > 2 && text.includes(word)) { text = text.replaceAll(word, "\0"); sum += 4; }
  text = text.replace(/(19|20)\d\d/g, () => { sum += 5; return "\0"; });
  const letters = [...text];
  letters.forEach((c, i) => {
    if (c === "\0") return;
    const last = letters[i - 1] ?? "\0";
    if (follows(last, c) || (i > 2 && text.slice(0, i).includes(text.slice(i - 2, i + 1)))) sum += .5; // a run, or something said before
    else if (/\p{L}/u.test(c)) sum += /\p{L}/u.test(last) ? 2 : 4.5; // within a word the next letter is half known
    else sum += /\d/.test(c) ? 3 : 4;
  });
  return sum;
}

export function strength(password, words = []) {
  const known = [...words, ...easy].map(plain).flatMap((word) => [word, ...word.split(/\s+/), word.replace(/\s+/g, "")]).sort((a, b) => b.length - a.length);
  const sum = bits(password, known);
  if ([...password].length < 12 || sum < 20) return 1;
  return sum < 30 ? 2 : sum < 45 ? 3 : 4;
}

if (typeof document !== "undefined") for (const meter of document.querySelectorAll("[data-strength]")) {
  const field = document.getElementById(meter.dataset.strength);
  const words = (meter.dataset.words ?? "").split("|");
  let wait;
  const show = () => {
    const step = field.value ? strength(field.value, words) : 0;
    meter.querySelectorAll(".meter i").forEach((bar, i) => bar.classList.toggle("on", i < step));
    for (const span of meter.querySelectorAll("[data-step]")) span.hidden = Number(span.dataset.step) !== step;
  };
  field?.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 300); }); // not a word for every letter: it is read aloud
  meter.hidden = !field;
}
