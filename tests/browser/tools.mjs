// The browser suites' own tools: that assertGood sees what it is there to see.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { assertGood, launch, visitor, WIDTHS } from './browser.mjs';

const page_of = (body, title = '<title>A page</title>') => `<!doctype html><html lang="en"><head>${title}
<meta name="viewport" content="width=device-width"></head><body><main><h1>Heading</h1>${body}</main></body></html>`;

const pages = {
  '/good': page_of('<p>Text</p>'),
  '/no-label': page_of('<form><input name="email"></form>'),
  '/pale': page_of('<p id="pale">Hardly to be read</p><link rel="stylesheet" href="/pale.css">'),
  '/no-title': page_of('<p>Text</p>', ''),
  '/wide': page_of('<link rel="stylesheet" href="/wide.css"><p id="wide">Text</p>'),
  '/inline': page_of('<p>Text</p><script>window.x = 1;</script>'),
  '/pale.css': '#pale { color: #bbb; background: #fff }',
  '/wide.css': '#wide { width: 900px }',
};
let server, browser, url;

before(async () => {
  server = createServer((request, response) => {
    const text = pages[request.url];
    response.writeHead(text ? 200 : 404, {
      'Content-Type': request.url.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'self'",
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

async function looked_at(path, options) {
  const page = await visitor(browser, options);
  try {
    await page.goto(url + path, { waitUntil: 'networkidle' });
    await assertGood(page);
  } finally {
    await page.context().close();
  }
}

test('a good page passes under a strict policy', () => looked_at('/good'));
test('a good page passes without JavaScript', () => looked_at('/good', { script: false }));
test('a field without a label is seen', () => assert.rejects(looked_at('/no-label'), /label/));
test('a field without a label is seen without JavaScript too', () => assert.rejects(looked_at('/no-label', { script: false }), /label/));
test('text too pale to read is seen', () => assert.rejects(looked_at('/pale'), /color-contrast/));
test('a page without a title is seen', () => assert.rejects(looked_at('/no-title'), /document-title/));
test('a page wider than a phone is seen', () => assert.rejects(looked_at('/wide', { width: WIDTHS.phone }), /wider than its window/));
test('a breach of the policy is seen', () => assert.rejects(looked_at('/inline'), /Content Security Policy/));
