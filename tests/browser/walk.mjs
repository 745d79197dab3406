// One visitor's way through the shop, and what every page on it must hold: nothing that axe-core finds, no complaint in the console, nothing
// wider than the narrowest phone, a light page. Leaves a screenshot of each in build/screenshots.
import assert from 'node:assert/strict';
import { assertAccessible, assertFits, assertQuiet, screenshot, visitor, WIDTHS } from './browser.mjs';
import { word } from './words.mjs';

const NARROWEST = 320; // CSS pixels: WCAG 2.2, 1.4.10
const PAGE_BYTES = 50_000; // as sent, with everything that comes with it

// WHO: a name for the screenshots, and the options of visitor(). The walker is the only one at its e-mail address, and in its own network.
export async function walker(browser, house, who) {
  const page = await visitor(browser, who);
  let step = 0;
  const text = (id, values) => word(who.language, id, values);
  const at = (path) => `${house.shop}${path}`;

  return {
    page, text, at,
    email: `${who.name}@example.org`,
    go: (path) => page.goto(at(path)),
    async field(name, value) { await page.fill(`main [name=${name}]`, value); },
    async send() { await page.click('main form .main'); },
    async says(role, words) {
      const told = (await page.locator(`main .message[role=${role}]`).innerText()).replace(/\s+/g, ' ');
      assert.ok(told.includes(words.replace(/\s+/g, ' ')), `${page.url()} says "${told}", not "${words}"`);
    },
    // At each field of FIELDS a message: marked as wrong, described by its words, and reached from the list on top.
    async refuses(fields) {
      for (const name of fields) {
        const field = page.locator(`main [name=${name}]`);
        assert.equal(await field.getAttribute('aria-invalid'), 'true', `${name} is not marked`);
        const described = (await field.getAttribute('aria-describedby')).split(' ')[0];
        const words = await page.innerText(`#${described}`);
        assert.ok(words.length > 10, `${name}: "${words}"`);
        assert.equal(await page.locator(`.message[role=alert] a[href="#${name}"]`).innerText(), words);
      }
    },
    // Waits for this walker's COUNT-th mail, opens it in the mailbox, and gives the frame that shows it.
    async mail(name, count) {
      await page.goto(house.mailbox);
      const row = page.locator('[data-mail]', { hasText: this.email }).first();
      for (let tries = 0; await page.locator('[data-mail]', { hasText: this.email }).count() < count; tries++) {
        assert.ok(tries < 100, `no mail ${count} for ${this.email} in ${house.mailbox}`);
        await page.waitForTimeout(200);
        if (!page.hasScript) await page.reload();
      }
      if (count === 1) await this.look('mailbox');
      await row.locator('a').first().click();
      await page.waitForURL(/\/mailbox\/.+/);
      await this.look(`mail-${name}`);
      return page.frameLocator('iframe');
    },
    async look(name) {
      await page.waitForLoadState('load');
      assert.equal((await page.getAttribute('html', 'lang')).slice(0, 2), who.language);
      await screenshot(page, `${who.name}/${String(++step).padStart(2, '0')}-${name}`);
      if (await isNew(page, who)) await assertAccessible(page);
      assertQuiet(page);
      await assertLight(page);
      await assertFits(page);
      if (who.width >= WIDTHS.desktop) return; // on a narrower window it is the phone's page
      await page.setViewportSize({ width: NARROWEST, height: page.viewportSize().height });
      await assertFits(page);
      await page.setViewportSize({ width: who.width, height: page.viewportSize().height });
    },
    end: () => page.context().close(),
  };
}

// As sent: the document and all that came with it, from the browser's own cache too. A frame shows a mail, and a poll is an answer of its own.
async function assertLight(page) {
  const sum = await page.evaluate(() => ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
    .filter((entry) => !['iframe', 'fetch'].includes(entry.initiatorType)).reduce((all, entry) => all + entry.encodedBodySize, 0));
  assert.ok(sum > 1000 && sum < PAGE_BYTES, `${page.url()} weighs ${sum} bytes`);
}

// Whether nobody has shown axe-core this document yet: the same markup under the same light and width, but for tokens, times and who walks. So those
// without script share what scripts did not change with their siblings, and the suite stays quick.
const shown = new Set();
async function isNew(page, who) {
  const markup = (await page.content()).replaceAll(who.name, '').replace(/(value|href|id|src|data-poll)="[^"]*"/g, '').replace(/\d+/g, '0');
  const key = [who.width, who.dark, markup].join(' ');
  return !shown.has(key) && shown.add(key);
}
