// Getting into the office in a real browser: sign-in, an operator invited by mail, the second factor, rights and the trail; each page looked at on a phone and at the
// desk, in light and dark, by axe-core.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { assertGood, launch, screenshot, visitor, WIDTHS } from './browser.mjs';
import { start } from './start.mjs';

const PASSWORD = 'violet harbour 92 trombone';
let house, browser;

before(async () => {
  [house, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

// The code of RFC 6238 that an authenticator app shows now.
function codeOf(secret) {
  const bits = [...secret.replaceAll(' ', '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const hash = createHmac('sha1', key).update(step).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

async function signIn(page, profile) {
  const who = house.signIns.find((s) => s.face === 'office' && s.profile === profile);
  await page.goto(`${house.office}/signin`);
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: 'Sign In' }).click();
  return who;
}

for (const [width, dark] of [[WIDTHS.phone, false], [WIDTHS.desktop, false], [WIDTHS.desktop, true]]) {
  const name = `office-${width}${dark ? '-dark' : ''}`;
  test(`the pages of operators at ${width} px${dark ? ', dark' : ''}`, async () => {
    const page = await visitor(browser, { width, dark });
    let step = 0;
    const look = async (what) => {
      await page.waitForLoadState('load');
      await screenshot(page, `${name}/${String(++step).padStart(2, '0')}-${what}`);
      await assertGood(page);
    };
    await page.goto(`${house.office}/signin`);
    await look('sign-in');
    await page.goto(`${house.office}/forgot-password`);
    await look('forgot');
    await signIn(page, 'administrator');
    for (const path of ['', '/me', '/me/password', '/operators', '/operators/new', '/operators/1', '/rights', '/audit', '/me/second-factor', '/nowhere']) {
      await page.goto(house.office + path);
      await look(path.replaceAll('/', '-').slice(1) || 'start');
    }
    await page.context().close();
  });
}

test('an operator is invited, chooses a password, sets up a second factor, and needs it from then on', async () => {
  const admin = await visitor(browser), nina = await visitor(browser);
  await signIn(admin, 'administrator');
  await admin.goto(`${house.office}/operators/new`);
  await admin.getByLabel('Name', { exact: true }).fill('Nina Roth');
  await admin.getByLabel('E-mail').fill('nina@theatredulac.example');
  await admin.getByRole('checkbox', { name: 'Box office' }).check();
  await admin.getByRole('button', { name: 'Invite' }).click();
  await admin.getByRole('status').getByText('on its way').waitFor();
  await screenshot(admin, 'office-story/1-invited');

  await nina.goto(house.mailbox);
  await nina.getByRole('link', { name: /sign-in to the box office/ }).first().click();
  const link = await nina.frameLocator('iframe').getByRole('link', { name: 'Choose a password' }).getAttribute('href');
  await screenshot(nina, 'office-story/2-mail');
  await nina.goto(link);
  await screenshot(nina, 'office-story/3-choose');
  await assertGood(nina);
  await nina.getByLabel('New password').fill(PASSWORD);
  await nina.getByLabel('The same again').fill(PASSWORD);
  await nina.getByRole('button', { name: /password/i }).click();
  await nina.getByLabel('E-mail').fill('nina@theatredulac.example');
  await nina.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await nina.getByRole('button', { name: 'Sign In', exact: true }).click();

  await nina.goto(`${house.office}/me/second-factor`);
  await nina.getByRole('button', { name: 'Set up' }).click();
  assert.equal(await nina.locator('img.symbol').evaluate((img) => img.complete && img.naturalWidth > 0), true, 'the picture is there');
  await screenshot(nina, 'office-story/4-scan');
  await assertGood(nina);
  const secret = await nina.locator('code').textContent();
  await nina.getByLabel('Code', { exact: true }).fill(codeOf(secret));
  await nina.getByRole('button', { name: 'Confirm' }).click();
  await screenshot(nina, 'office-story/5-codes');
  await assertGood(nina);
  const recovery = await nina.locator('code').first().textContent();

  await nina.context().clearCookies();
  await nina.goto(`${house.office}/contacts`).catch(() => {});
  await nina.goto(`${house.office}/signin`);
  await nina.getByLabel('E-mail').fill('nina@theatredulac.example');
  await nina.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await nina.getByRole('button', { name: 'Sign In', exact: true }).click();
  await screenshot(nina, 'office-story/6-code');
  await assertGood(nina);
  await nina.getByLabel('Code', { exact: true }).fill(recovery);
  await nina.getByRole('button', { name: 'Sign In', exact: true }).click();
  await nina.getByText('Welcome, Nina Roth').waitFor();
  assert.equal((await nina.goto(`${house.office}/operators`)).status(), 403, 'the box office does not make operators');
  await admin.context().close();
  await nina.context().close();
});
