// An operator's day with contacts: found by a few letters, opened by the keyboard, a link sent from the row, its state seen to change; at the desk and on a phone, with and
// without JavaScript, light and dark.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertGood, launch, screenshot, visitor, WIDTHS } from './browser.mjs';
import { start } from './start.mjs';

let house, browser;
before(async () => {
  house = await start('--contacts', '400');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

async function at_desk(name, options, work) {
  const page = await visitor(browser, options);
  const me = house.signIns.find((s) => s.face === 'office' && s.profile === 'administrator');
  try {
    await page.goto(`${house.office}/signin`);
    await page.fill('main [name=email]', me.email);
    await page.fill('main [name=password]', me.password);
    await page.click('main form .main');
    await page.waitForURL(/office\/?(\?.*)?$/);
    const look = async (step) => {
      await assertGood(page);
      await screenshot(page, `contacts-${name}-${step}`);
    };
    await work(page, look);
  } finally {
    await page.context().close();
  }
}

const ways = [
  { name: 'desk', width: WIDTHS.desktop },
  { name: 'desk-dark', width: WIDTHS.desktop, dark: true },
  { name: 'phone', width: WIDTHS.phone },
  { name: 'desk-without-script', width: WIDTHS.desktop, script: false },
];

for (const way of ways) test(`the story of section 3 and 4: ${way.name}`, () => at_desk(way.name, way, async (page, look) => {
  await page.goto(`${house.office}/contacts`);
  await look('list');

  await page.goto(`${house.office}/contacts/new`);
  await look('new');
  const address = `ute.${way.name}@example.org`;
  await page.fill('[name=first_name]', 'Ute');
  await page.fill('[name=last_name]', 'Röchling');
  await page.fill('main [name=email]', address);
  await page.fill('[name=postcode]', '3011');
  await page.fill('[name=town]', 'Bern');
  await page.check('[name=internet_account]');
  await page.click('main form .main');
  await page.waitForURL(/contacts\/\d+\?/);
  await look('invited');
  const contact = page.url().split('?')[0];

  // Its state appears by itself; without script when the page is loaded again.
  for (let tries = 0; !/Sent/.test(await page.locator('[data-poll]').innerText()); tries++) {
    assert.ok(tries < 60, 'the mail is never sent');
    await page.waitForTimeout(250);
    if (!page.hasScript) await page.reload();
  }

  await page.goto(`${house.office}/contacts?q=${encodeURIComponent(address)}`);
  await page.click('a.button.small');
  if (page.hasScript) await page.locator('dialog #popup-title').waitFor();
  else await page.waitForURL(/reset-password/);
  await look('pop-up');
  await page.click('#popup .main');
  // Sent a moment ago: who, and no second mail.
  await page.locator('.message[role=alert]').waitFor();
  assert.match(await page.locator('.message[role=alert]').innerText(), /sent a link/);
  await look('sent-before');

  await page.goto(`${contact}/edit`);
  await look('edit');
  await page.fill('[name=phone]', '12');
  await page.click('main form .main');
  await page.locator('#phone-error').waitFor();
  await look('refused');
}));

test('contacts are found as one types, and opened by the keyboard alone', () => at_desk('keys', { width: WIDTHS.desktop }, async (page) => {
  await page.goto(`${house.office}/contacts`);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('jeanne roch');
  await page.waitForFunction(() => /q=jeanne/.test(location.search));
  const names = await page.locator('#rows tbody th').allInnerTexts();
  assert.ok(names.length > 0 && names.every((n) => /Roch/.test(n)), names.join('; '));
  await page.keyboard.press('ArrowDown');
  assert.equal((await page.evaluate(() => document.activeElement.textContent)).trim().replace(/\s+/g, ' '), names[0].trim().replace(/\s+/g, ' '));
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(/contacts\/\d+/);
}));

test('a pop-up gives the focus back, and a wrong field is told while one types', () => at_desk('beside', { width: WIDTHS.desktop }, async (page) => {
  await page.goto(`${house.office}/contacts?account=active`);
  const button = page.locator('a.button.small').first();
  await button.click();
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.ok(await button.evaluate((b) => b === document.activeElement));
  await page.goto(`${house.office}/contacts/new`);
  await page.fill('main [name=email]', 'jeanne@example.org');
  await page.locator('#beside a', { hasText: 'Jeanne' }).waitFor(); // perhaps the same
  await page.fill('main [name=email]', 'no address');
  await page.locator('#beside a[href="#email"]').waitFor();
  assert.equal(await page.locator('#beside a[href="#last_name"]').count(), 0); // not reached yet
}));

test('many get their links, and the bar tells how far it is', () => at_desk('many', { width: WIDTHS.desktop }, async (page, look) => {
  await page.goto(`${house.office}/contacts?account=active`);
  for (const box of await page.locator('[name=contact]').all()) await box.check();
  await page.click('#rows form button:not([name=all])');
  await page.locator('#popup .main').waitFor();
  await look('choice');
  await page.click('#popup .main');
  await page.waitForURL(/contacts\/links\/\d+/);
  await page.locator('.state.done').waitFor({ timeout: 60_000 });
  const bar = page.locator('progress');
  assert.equal(await bar.getAttribute('value'), await bar.getAttribute('max'));
  await look('report');
}));
