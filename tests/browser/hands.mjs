// What hands and password managers need: the keyboard alone, what browsers fill in, and the mailbox that follows what arrives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visitor } from './browser.mjs';
import { start } from './start.mjs';

let house, browser;
before(async () => {
  house = await start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

async function at(path, look, options) {
  const page = await visitor(browser, options);
  try {
    await page.goto(house.shop + path);
    await look(page);
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.context().close();
  }
}

// What has the focus: its words or name, and the breadth of the line around it.
const focused = (page) => page.evaluate(() => {
  const it = document.activeElement, box = it.getBoundingClientRect(), line = getComputedStyle(it);
  return { is: it.name || (it.labels?.[0] ?? it).textContent.trim().replaceAll('\u00a0', ' '), line: line.outlineStyle === 'none' ? 0 : parseFloat(line.outlineWidth), width: box.width, left: box.left };
});

test('tab goes through the sign-in page in the order of reading, and always shows where it is', () => at('/signin', async (page) => {
  const way = [];
  do {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    assert.ok(here.line >= 2, `no line around ${here.is}`);
    assert.ok(here.width > 10 && here.left >= 0, `${here.is} is out of sight`);
    way.push(here.is);
  } while (way.at(-1) !== 'Italiano' && way.length < 30);
  assert.deepEqual(way, ['Skip to content', 'Théâtre du Lac', 'What is on', 'Basket', 'Sign In', 'email', 'password', 'Show what I type', 'Sign In',
    'FORGOTTEN YOUR PASSWORD?', 'Make an account', '032 555 01 10', 'Terms of sale', 'English', 'Français', 'Deutsch', 'Italiano']);
}));

test('the skip link leads past the navigation', () => at('/signin', async (page) => {
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.match(page.url(), /#main$/);
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).is, 'email');
}));

test('a message leads to its field', () => at('/forgot-password', async (page) => {
  await page.locator('main form').evaluate((form) => { form.noValidate = true; });
  await page.fill('[name=email]', 'nobody');
  await page.keyboard.press('Enter');
  await page.locator('.message[role=alert] a').focus();
  await page.keyboard.press('Enter');
  assert.match(page.url(), /#email$/);
  await page.keyboard.type('x');
  assert.equal(await page.inputValue('[name=email]'), 'xnobody');
}));

test('signs in and out by the keyboard alone', () => at('/signin', async (page) => {
  const [buyer] = house.signIns;
  await page.focus('[name=email]');
  await page.keyboard.type(buyer.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(buyer.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/account/);
  await page.focus('main form[action^="/signout"] button');
  await page.keyboard.press('Space');
  await page.waitForURL(/signed-out/);
}));

// name -> autocomplete, in the order of the form.
const filled = (page) => page.evaluate(() => Object.fromEntries([...document.querySelectorAll('main form [autocomplete]')]
  .map((field) => [field.name, field.getAttribute('autocomplete')])));

test('password managers know every field', async () => {
  await at('/signin', async (page) => assert.deepEqual(await filled(page), { email: 'username', password: 'current-password' }));
  await at('/forgot-password', async (page) => assert.deepEqual(await filled(page), { email: 'username' }));
  await at('/register', async (page) => assert.deepEqual(await filled(page),
    { first_name: 'given-name', last_name: 'family-name', email: 'username', password: 'new-password', password_again: 'new-password' }));
});

test('the page to change the password is found, and names the account for password managers', () => at('/signin', async (page) => {
  const [buyer] = house.signIns;
  await page.goto(`${house.shop}/.well-known/change-password`);
  await page.fill('[name=email]', buyer.email);
  await page.fill('[name=password]', buyer.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/account\/password/);
  assert.deepEqual(await filled(page), { username: 'username', old_password: 'current-password', password: 'new-password', password_again: 'new-password' });
  assert.equal(await page.inputValue('[name=username]'), buyer.email);
  assert.ok((await page.locator('[name=username]').boundingBox()).width <= 2); // there for them alone
}));

test('a long password is pasted whole, and refused in words when it is too long', () => at('/register', async (page) => {
  const long = 'violet harbour 92 trombone '.repeat(20);
  await page.focus('[name=password]');
  await page.keyboard.insertText(long);
  assert.equal(await page.inputValue('[name=password]'), long);
  await page.fill('[name=first_name]', 'Jeanne');
  await page.fill('[name=last_name]', 'Rochat');
  await page.fill('[name=email]', 'long@example.org');
  await page.fill('[name=password_again]', long);
  await page.click('main .main');
  assert.match(await page.innerText('#password-error'), /256/);
}));

test('a mail appears in the open mailbox by itself, and its four views show it', () => at('/forgot-password', async (page) => {
  const mailbox = await page.context().newPage();
  await mailbox.goto(house.mailbox);
  const [buyer] = house.signIns;
  const row = mailbox.locator('[data-mail]', { hasText: buyer.email }).first();
  assert.equal(await row.count(), 0);
  await page.fill('[name=email]', buyer.email);
  await page.keyboard.press('Enter');
  await page.waitForURL(/sent=1/);
  await mailbox.bringToFront();
  await row.locator('a').click({ timeout: 10_000 });
  await mailbox.waitForURL(/\/mailbox\/.+/);
  const link = await mailbox.frameLocator('iframe').locator('a[href*="token="]').first().getAttribute('href');
  const height = await mailbox.frameLocator('iframe').locator('html').evaluate((html) => html.scrollHeight - html.clientHeight);
  assert.ok(height <= 0, `the mail is ${height} px higher than its frame`);
  assert.equal(await mailbox.locator('[aria-current=true]').count(), 1);
  const views = mailbox.locator('nav .tabs a[href^="?view"]');
  for (const [i, holds] of [[1, link], [2, 'Auto-Submitted: auto-generated'], [3, 'Content-Transfer-Encoding: ']]) {
    await views.nth(i).click();
    await mailbox.waitForSelector('pre.mail');
    assert.ok((await mailbox.innerText('pre.mail')).includes(holds), holds);
  }
}));
