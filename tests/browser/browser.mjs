// Debian's Chromium for the browser suites: visitors with a width, a language, with or without JavaScript; axe-core; screenshots in build/screenshots.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

export const WIDTHS = { phone: 390, desktop: 1280 };
export const LANGUAGES = ['en', 'fr', 'de', 'it'];

// WCAG 2.2 AA is what the shop promises; the rest of axe's rules are its good advice, and cost nothing to keep.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const SCREENSHOTS = 'build/screenshots';

export function launch() {
  return chromium.launch({
    executablePath: process.env.PARTERRE_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', // root in a container has no sandbox; nothing may call out
      '--disable-features=IsolateSandboxedIframes,SpareRendererForSitePerProcess'], // fewer processes: the walks share few cores
  });
}

// A new visitor with cookies of their own; NETWORK is where a trusted proxy says they come from. Closing the context ends them. What the page's console calls an error or a breach of
// its policy is collected in page.complaints.
export async function visitor(browser, { width = WIDTHS.desktop, height = width < 600 ? 844 : 900, language = 'en', script = true, dark = false, network } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: `${language}-CH`,
    javaScriptEnabled: script,
    colorScheme: dark ? 'dark' : 'light',
    ignoreHTTPSErrors: true,
    extraHTTPHeaders: network ? { 'X-Forwarded-For': network } : {},
  });
  if (script) await context.addInitScript(AXE); // once, not with every look
  const page = await context.newPage();
  page.complaints = [];
  page.hasScript = script;
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    // A 4xx page is an answer, not a mistake of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) page.complaints.push(message.text());
  });
  page.on('requestfailed', (request) => {
    // A page left before its pictures came is no complaint.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') page.complaints.push(`${request.url()} ${request.failure()?.errorText}`);
  });
  return page;
}

// Fails when axe-core finds anything, when the page is wider than its window, or when its console complained.
export async function assertGood(page) {
  await assertFits(page);
  await assertAccessible(page);
  assertQuiet(page);
}

export async function assertFits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${page.url()} is ${over} px wider than its window`);
}

export async function assertAccessible(page) {
  const told = page.hasScript ? await faults(page) : await faultsWithScriptOff(page);
  assert.equal(told.length, 0, `${page.url()}\n${told.join('\n')}`);
}

export function assertQuiet(page) {
  assert.equal(page.complaints.length, 0, `${page.url()}\n${page.complaints.join('\n')}`);
}

async function faults(page) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'], iframes: false, preload: false }), RULES);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help}\n    ${n.html.slice(0, 200)}\n    ${n.failureSummary}`));
}

// axe-core waits by timers, which stand still where scripting is off. It is switched on for axe alone: the page's own scripts were passed over
// when it was read, and stay so.
async function faultsWithScriptOff(page) {
  const switching = (page.switching ??= await page.context().newCDPSession(page)); // kept: its end would leave scripting on
  const script = (value) => switching.send('Emulation.setScriptExecutionDisabled', { value: !value });
  await script(false); // as it is; a session that has not said so does not switch
  await script(true);
  try {
    return await faults(page);
  } finally {
    await script(false);
  }
}

export async function screenshot(page, name) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}
