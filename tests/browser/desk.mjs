// What the desk does beside the counter: two contacts become one, a device is signed out, an address waits, the trail is read and erased; and the buyer's side of an address.
// Each page at both widths, light and dark, in two languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertGood, launch, screenshot, visitor, WIDTHS } from './browser.mjs';
import { start } from './start.mjs';

let house, browser;
before(async () => {
  house = await start('--contacts', '50');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const ways = [
  { name: 'desk', width: WIDTHS.desktop, lang: 'en' },
  { name: 'desk-dark', width: WIDTHS.desktop, dark: true, lang: 'de' },
  { name: 'phone', width: WIDTHS.phone, lang: 'fr' },
  { name: 'phone-dark', width: WIDTHS.phone, dark: true, lang: 'en' },
];

async function signed_in(way, face, profile) {
  const page = await visitor(browser, way);
  const me = house.signIns.find((s) => s.face === face && (!profile || s.profile === profile));
  await page.goto(`${house[face]}/signin`);
  await page.fill('main [name=email]', me.email);
  await page.fill('main [name=password]', me.password);
  await page.click('main form .main');
  await page.waitForURL((url) => !/signin/.test(url.pathname));
  const look = async (step) => {
    await assertGood(page);
    await screenshot(page, `desk-${way.name}-${face}-${step}`);
  };
  const to = (path) => page.goto(`${house[face]}${path}${path.includes('?') ? '&' : '?'}lang=${way.lang}`);
  return { page, look, to };
}

async function make(page, to, email) {
  await to('/contacts/new');
  await page.fill('[name=first_name]', 'Zita');
  await page.fill('[name=last_name]', 'Zweifel');
  await page.fill('main [name=email]', email);
  await page.fill('[name=postcode]', '3011');
  await page.fill('[name=town]', 'Bern');
  await page.click('main form .main');
  await page.waitForURL(/contacts\/\d+\?/);
  return Number(/contacts\/(\d+)/.exec(page.url())[1]);
}

for (const way of ways) test(`the office: ${way.name}`, async () => {
  const { page, look, to } = await signed_in(way, 'office', 'administrator');
  try {
    const stays = await make(page, to, `zita.${way.name}@example.org`), goes = await make(page, to, `z.${way.name}@example.net`);
    await to(`/contacts/${stays}`);
    await look('likely');
    await to(`/contacts/${stays}/merge?with=${goes}`);
    await look('merge');
    await page.click('main form .main');
    await page.waitForURL(/done=merged/);
    await look('merged');

    await to(`/audit?kind=contact&record=${stays}`);
    assert.doesNotMatch(await page.locator('main table').innerText(), /contact-m/); // words, no codes
    await look('trail');
    for (let tries = 0; ; tries++) {
      await to(`/audit/erase?contact=${stays}`);
      if (await page.locator('main form .danger').count()) break; // sealed by now
      if (tries === 0) await look('erase-none');
      assert.ok(tries < 120, 'the trail is never sealed');
      await page.waitForTimeout(500);
    }
    await look('erase');
    await page.click('main form .danger');
    await page.waitForURL(/done=erased/);
    await look('erased');

    await to('/operators/new');
    await page.fill('main [name=name]', 'Nadia Neu');
    await page.fill('main [name=email]', `nadia.${way.name}@example.org`);
    await page.check('main [name=context] >> nth=0');
    await page.click('main form .main');
    await page.waitForURL(/operators\/\d+/);
    await look('operator-invited');
    await to('/rights');
    await look('rights');
    await to('/institution/document-types?class=email-notice');
    await page.click('main table a');
    await look('document-type');
  } finally {
    await page.context().close();
  }
});

for (const way of ways) test(`the buyer's address: ${way.name}`, async () => {
  const { page, look, to } = await signed_in(way, 'shop');
  const me = house.signIns.find((s) => s.face === 'shop');
  try {
    await to('/account/email');
    await look('email');
    await page.fill('main [name=email]', `new.${way.name}@example.net`);
    await page.fill('main [name=old_password]', 'not the password at all');
    await page.click('main form .main');
    await page.locator('#old_password-error').waitFor();
    await look('email-refused');
    const desk = await signed_in(way, 'office', 'administrator'); // what the office sees of it
    try {
      await desk.to(`/contacts?q=${encodeURIComponent(me.email)}`);
      await desk.page.click('#rows tbody th a');
      await desk.page.waitForURL(/contacts\/\d+/);
      await desk.page.locator('form[action*="sessions/end"]').first().waitFor();
      await desk.look('contact-devices');
    } finally {
      await desk.page.context().close();
    }
    for (const path of ['/change-email', '/keep-email']) {
      await page.goto(`${house.shop}${path}?lang=${way.lang}`);
      await screenshot(page, `desk-${way.name}-shop${path.replace('/', '-')}-dead`);
    }
  } finally {
    await page.context().close();
  }
});

test('an address is confirmed and kept by its links', async () => {
  const { page, look, to } = await signed_in(ways[0], 'shop');
  const me = house.signIns.find((s) => s.face === 'shop');
  try {
    await to('/account/email');
    await page.fill('main [name=email]', 'moved@example.net');
    await page.fill('main [name=old_password]', me.password);
    await page.click('main form .main');
    await page.waitForURL(/sent=1/);
    await look('email-sent');
    for (const [recipient, path, step] of [['moved@example.net', 'change-email', 'change'], [me.email, 'keep-email', 'keep']]) {
      let link;
      for (let tries = 0; !link; tries++) {
        assert.ok(tries < 120, `no mail to ${recipient}`);
        const list = await (await page.request.get(house.mailbox)).text();
        const mails = [...list.matchAll(/href="([^"]*\/mailbox\/[^"]+)"/g)].map((m) => m[1].replaceAll('&amp;', '&'));
        for (const mail of mails.slice(0, 12)) {
          const text = await (await page.request.get(new URL(`${mail}?view=text`, house.mailbox).href)).text();
          link ??= new RegExp(`https?://[^"<\\s]*/${path}\\?token=[A-Za-z0-9_-]+`).exec(text)?.[0];
        }
        if (!link) await page.waitForTimeout(250);
      }
      await page.goto(link);
      await look(step);
      await page.click('main form .main');
      await page.locator('main .message[role=status]').waitFor();
      await look(`${step}-done`);
    }
  } finally {
    await page.context().close();
  }
});
