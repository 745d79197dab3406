// The small modules of assets/ in a page of their own, under the policy that ours have: show.js, strength.js, poll.js.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { assertGood, launch, visitor } from './browser.mjs';

const script = (name) => `<script type="module" src="/${name}"></script>`;
const page_of = (name, body) => `<!doctype html><html lang="en"><head><title>${name}</title><meta name="viewport" content="width=device-width">
${script(name)}</head><body><main><h1>${name}</h1>${body}</main></body></html>`;

const password = '<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="new-password">';
const steps = ['very weak', 'weak', 'good', 'strong'].map((word, i) => `<span data-step="${i + 1}" hidden>${word}</span>`).join('');
const pages = {
  '/show': page_of('show.js', `<form action="/sent">${password}<label hidden><input type="checkbox" data-show="password">Show what I type</label>
    <button>Go on</button></form>`),
  '/strength': page_of('strength.js', `${password}<div data-strength="password" data-words="Théâtre du Lac|Jeanne" hidden>
    <div class="meter" aria-hidden="true"><i></i><i></i><i></i><i></i></div><p role="status">${steps}</p></div>`),
  '/poll': page_of('poll.js', '<div data-poll="/fragment"><p>first</p></div>'),
};
let server, browser, url, fragment, asked;

before(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    let text = pages[path], status = text ? 200 : 404;
    if (path.endsWith('.js')) [text, status] = [readFileSync(`assets${path}`), 200];
    if (path === '/fragment') [status, text, asked] = [...fragment, asked + 1];
    response.writeHead(status, {
      'Content-Type': path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'",
    });
    response.end(text ?? '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function at(path, look, options) {
  const page = await visitor(browser, options);
  try {
    await page.goto(url + path);
    await look(page);
  } finally {
    await page.context().close();
  }
}

test('a box shows what is typed, and hides it again', () => at('/show', async (page) => {
  await page.fill('#password', 'copper meadow');
  await page.check('text=Show what I type');
  assert.equal(await page.getAttribute('#password', 'type'), 'text');
  await assertGood(page);
  await page.uncheck('text=Show what I type');
  assert.equal(await page.getAttribute('#password', 'type'), 'password');
}));

test('a shown password is a password again when the form is sent', () => at('/show', async (page) => {
  await page.check('text=Show what I type');
  const type = await page.evaluate(() => new Promise((done) => {
    document.forms[0].addEventListener('submit', (event) => { event.preventDefault(); done(document.getElementById('password').type); });
    document.querySelector('button').click();
  }));
  assert.equal(type, 'password');
}));

test('without JavaScript no box is there', () => at('/show', async (page) => {
  assert.equal(await page.isVisible('text=Show what I type'), false);
}, { script: false }));

const STRENGTHS = {
  'very weak': ['qwertzuiopü1', 'Sommer2026!!', 'passwordpassword', 'theatredulac2026', 'Théâtre du Lac 2026', 'aaaaaaaaaaaa', 'azertyuiop12', 'xK9$mQ2!vLp', 'jeannejeanne'],
  good: ['correct horse battery', 'xK9$mQ2!vLp7'],
  strong: ['copper meadow 17 umbrella', 'violet harbour 92 trombone'],
};
for (const [word, passwords] of Object.entries(STRENGTHS)) test(`${word} is said of ${passwords.join(', ')}`, () => at('/strength', async (page) => {
  const said = (want) => page.waitForFunction((text) => document.querySelector('[role=status]').innerText.trim() === text, want, { timeout: 5000 });
  for (const typed of passwords) {
    await page.fill('#password', ''); // so that the word before is not taken for the next one's
    await said('');
    await page.fill('#password', typed);
    await said(word);
  }
  assert.equal(await page.locator('.on').count(), { 'very weak': 1, good: 3, strong: 4 }[word]);
  await assertGood(page);
}));

test('nothing is said of nothing', () => at('/strength', async (page) => {
  await page.fill('#password', 'x');
  await page.waitForSelector('.on', { state: 'attached' }); // without a stylesheet the bars have no size
  await page.fill('#password', '');
  await page.waitForSelector('.on', { state: 'detached' });
  assert.equal((await page.innerText('[role=status]')).trim(), '');
}));

test('a fragment is looked for again until it is gone', () => {
  [fragment, asked] = [[200, '<p>second</p>'], 0];
  return at('/poll', async (page) => {
    await page.waitForSelector('text=second');
    fragment = [500, 'broken'];
    await page.waitForTimeout(2500);
    assert.equal(await page.innerText('[data-poll]'), 'second');
    fragment = [404, 'gone'];
    await page.waitForTimeout(2500);
    const last = asked;
    await page.waitForTimeout(2500);
    assert.equal(asked, last);
    assert.equal(await page.innerText('[data-poll]'), 'second');
  });
});
