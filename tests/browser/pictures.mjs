// The pictures of README.md's walk, taken from a running demonstration: `script/pictures` makes them anew when pages change.
import { mkdirSync, writeFileSync } from 'node:fs';
import { launch, visitor } from './browser.mjs';
import { startSold } from './start.mjs';

const FOLDER = 'docs/walk';
const WINDOW = { width: 1100, height: 720 };

mkdirSync(FOLDER, { recursive: true });
const house = await startSold();
const browser = await launch();
try {
  const page = await visitor(browser, WINDOW);
  const darkroom = await (await browser.newContext()).newPage();
  const picture = async (name) => writeFileSync(`${FOLDER}/${name}.webp`, await developed(darkroom, await page.screenshot()));
  const order = await buys(page, picture);
  const bank = `${house.folder}/camt.xml`, status = `${house.folder}/status.csv`;

  await page.goto(house.outside);
  const mine = page.locator('#bank li', { hasText: order });
  await mine.locator('[name=bill]').check();
  await picture('3-bank');
  await (await download(page, '#bank button')).saveAs(bank);
  await signIn(page);
  await page.goto(`${house.office}/payments`);
  await page.setInputFiles('main input[type=file]', bank);
  await page.click('main form[action*="import-payments"] button');
  await page.waitForURL(/imports/);
  await until(page, () => page.locator('main', { hasText: order }).count());
  await picture('4-money');

  await page.goto(`${house.office}/interfaces/colora`);
  await page.click('main form[action*="export"] button');
  await page.waitForURL(/batches/);
  await page.goto(`${house.outside}#printing`);
  await picture('5-printing');
  await (await download(page, '#printing button[type=submit]')).saveAs(status);
  await page.goto(`${house.office}/interfaces/colora`);
  await page.setInputFiles('main input[type=file]', status);
  await page.click('main form[action*="import-printing-status"] button');
  await page.waitForURL(/imports/);
  await page.check('main [name=send_mails]');
  await page.click('main form[action*="apply"] .main');
  await until(page, () => page.locator('main .state.done', { hasText: 'Applied' }).count());

  await page.goto(`${house.shop}/orders/${order}`);
  await picture('6-letter');
} finally {
  await browser.close();
  await house.stop();
}

// As WebP, a third of the size; the browser knows how.
async function developed(darkroom, png) {
  const url = await darkroom.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.8);
  }, png.toString('base64'));
  return Buffer.from(url.split(',')[1], 'base64');
}

async function buys(page, picture) {
  await page.goto(`${house.shop}/`);
  await page.locator('.playbill h3 a', { hasText: 'Carmen' }).first().click();
  await page.locator('.hall a .hit').nth(30).click();
  await page.waitForLoadState();
  await page.evaluate(() => window.scrollTo(0, 0));
  await picture('1-seat');
  await page.click('.till .main');
  await page.goto(`${house.shop}/checkout`);
  for (const [name, value] of Object.entries({ email: 'you@example.org', first_name: 'Camille', last_name: 'Blanc', street: 'Rue du Lac', house_number: '4', postcode: '2000', town: 'Neuchâtel' }))
    await page.fill(`main [name=${name}]`, value);
  await page.check('main [name=terms]');
  await page.click('.till .main');
  await page.waitForURL(/orders/);
  const order = page.url().split('/').at(-1);
  await page.goto(house.mailbox);
  await until(page, () => page.locator('[data-mail]', { hasText: 'you@example.org' }).count());
  await page.locator('[data-mail]', { hasText: 'you@example.org' }).first().locator('a').first().click();
  await page.waitForURL(/mailbox\/.+/);
  await page.waitForLoadState('networkidle');
  await picture('2-invoice');
  return order;
}

async function signIn(page) {
  const me = house.signIns.find((s) => s.profile === 'administrator');
  await page.goto(`${house.office}/signin`);
  await page.fill('main [name=email]', me.email);
  await page.fill('main [name=password]', me.password);
  await page.click('main form .main');
  await page.waitForURL((url) => !/signin/.test(url.pathname));
}

async function download(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  return file;
}

async function until(page, isSo) {
  for (let tries = 0; !await isSo(); tries++) {
    if (tries > 100) throw new Error(`${page.url()}: it does not come`);
    await page.waitForTimeout(200);
    if (tries % 10 === 9) await page.reload();
  }
}
