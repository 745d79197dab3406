// The whole story of a forgotten password, as people live it: phone and desktop, four languages, with and without JavaScript, side by side in one
// house; once more in the dark, and at 200 % zoom.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { LANGUAGES, launch, WIDTHS } from './browser.mjs';
import { start } from './start.mjs';
import { walker } from './walk.mjs';

const FIRST = 'copper meadow 17 umbrella', SECOND = 'violet harbour 92 trombone', THIRD = 'marble kettle 40 orchard';
const ZOOMED = WIDTHS.desktop / 2; // what 200 % leaves of the window

const walkers = [];
for (const [width, px] of Object.entries(WIDTHS)) for (const language of LANGUAGES) for (const script of [true, false])
  walkers.push({ name: `${width}-${language}${script ? '' : '-plain'}`, width: px, language, script });
walkers.push({ name: 'dark-phone-de', width: WIDTHS.phone, language: 'de', script: true, dark: true });
walkers.push({ name: 'zoomed-fr', width: ZOOMED, height: 450, language: 'fr', script: true });

let house, browser;
before(async () => {
  house = await start('--trusted-proxy', '127.0.0.1/32'); // so that each walker comes from a network of their own
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

describe('the story', { concurrency: 4 }, () => {
  walkers.forEach((who, i) => test(who.name, async () => {
    const w = await walker(browser, house, { ...who, network: `192.0.2.${i + 1}` });
    try {
      await registers(w);
      await forgets(w);
      await keepsHouse(w);
      await losesTheWay(w);
    } finally {
      await w.end();
    }
  }));
});

async function registers(w) {
  await w.go('/');
  await w.look('home');
  await w.page.click('header nav a[href^="/signin"]');
  await w.look('sign-in');
  await w.page.click('main a[href^="/register"]');
  await w.look('register');
  await w.field('first_name', 'Jeanne');
  await w.field('last_name', 'Rochat');
  await w.field('email', w.email);
  await w.field('password', 'short');
  await w.field('password_again', 'other');
  await w.send();
  await w.refuses(['password', 'password_again']);
  await w.look('register-refused');
  assert.equal(await w.page.inputValue('[name=email]'), w.email);
  await w.field('password', FIRST);
  await w.field('password_again', FIRST);
  await w.send();
  await w.page.waitForURL(/sent=1/);
  await w.says('status', w.text('registered'));
  await w.look('registered');

  await follow(w, await w.mail('confirm', 1), '/confirm-email');
  await w.look('confirm');
  await w.send();
  await w.page.waitForURL(/\/account/);
  await w.says('status', w.text('done-confirmed'));
  await w.look('confirmed');
  await w.page.click('main form[action^="/signout"] button');
  await w.says('status', w.text('done-signed-out'));
  await w.look('signed-out');
}

async function forgets(w) {
  await w.page.click('header nav a[href^="/signin"]');
  await w.field('email', w.email);
  await w.field('password', 'not the one at all');
  await w.send();
  await w.says('alert', w.text('signin-wrong'));
  await w.look('sign-in-refused');
  await w.page.click(`main a:text-is("${w.text('forgotten-your-password')}")`);
  await w.look('forgot');
  await w.field('email', `"a b"@example.org`);
  await w.page.locator('main form').evaluate((form) => { form.noValidate = true; }); // the server has the last word
  await w.send();
  await w.refuses(['email']);
  await w.look('forgot-refused');
  await w.field('email', ` ${w.email.toUpperCase()}`);
  assert.equal(await w.page.innerText('main form .main'), w.text('reset-password-button'));
  await w.send();
  await w.page.waitForURL(/sent=1/);
  await w.says('status', w.text('forgot-done'));
  await w.look('forgot-sent');

  const mail = await w.mail('reset', 2);
  w.link = await link(mail, '/reset-password').getAttribute('href');
  await follow(w, mail, '/reset-password');
  assert.ok(!w.page.url().includes('token'), w.page.url());
  assert.equal(await w.page.innerText('h1'), w.text('reset-password-title'));
  assert.equal(await w.page.inputValue('[autocomplete=username]'), w.email);
  await w.look('reset');
  await w.field('password', 'qwertzuiopü1');
  await w.field('password_again', 'qwertzuiopü2');
  await w.send();
  await w.refuses(['password', 'password_again']);
  assert.equal(await w.page.inputValue('[name=password]'), '');
  await w.look('reset-refused');
  await w.field('password', SECOND);
  await w.field('password_again', SECOND);
  await w.send();
  await w.page.waitForURL(/\/account/);
  await w.says('status', w.text('done-password-changed'));
  await w.look('reset-done');
  await w.mail('changed', 3);
}

async function keepsHouse(w) {
  await w.go('/account');
  await w.page.click('main a[href^="/account/sessions"]');
  assert.equal(await w.page.locator('main tbody tr').count(), 1);
  await w.look('sessions');
  await w.go('/account/profile');
  await w.look('profile');
  await w.field('street', 'Rue des Moulins');
  await w.field('house_number', '27');
  await w.field('postcode', '2000');
  await w.field('town', '');
  await w.send();
  await w.refuses(['town']);
  await w.look('profile-refused');
  await w.field('town', 'Neuchâtel');
  await w.field('phone', '079 555 27 14');
  await w.send();
  await w.page.waitForURL(/done=profile-changed/);
  await w.says('status', w.text('done-profile-changed'));
  await w.look('profile-changed');
  await w.page.click('main a[href^="/account/password"]');
  await w.look('password');
  await w.field('old_password', FIRST);
  await w.field('password', THIRD);
  await w.field('password_again', THIRD);
  await w.send();
  await w.refuses(['old_password']);
  await w.look('password-refused');
  await w.field('old_password', SECOND);
  await w.field('password', THIRD);
  await w.field('password_again', THIRD);
  await w.send();
  await w.page.waitForURL(/done=password-changed/);
  await w.says('status', w.text('done-password-changed'));
  await w.go('/account/sessions');
  await w.page.click('main form[action^="/account/sessions/end-all"] button');
  await w.says('status', w.text('done-sessions-ended'));
  await w.look('signed-out-everywhere');
}

async function losesTheWay(w) {
  await w.go('/account');
  assert.match(w.page.url(), /\/signin\?next=%2Faccount/);
  await w.page.goto(w.link);
  await w.says('alert', w.text('link-used'));
  await w.look('link-used');
  await w.go('/reset-password');
  await w.says('alert', w.text('link-open-again'));
  await w.look('link-open-again');
  await w.go('/reset-password?token=AQAAAAAA');
  await w.says('alert', w.text('link-unknown'));
  await w.look('link-unknown');
  const answer = await w.go('/no-such-page');
  assert.equal(answer.status(), 404);
  await w.says('alert', w.text('error-not-found'));
  await w.look('not-found');
}

const link = (mail, path) => mail.locator(`a[href*="${path}?token="]`).first();

async function follow(w, mail, path) {
  await link(mail, path).click();
  await w.page.waitForURL((url) => url.pathname === path);
}
