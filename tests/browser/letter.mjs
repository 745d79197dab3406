// From a seat to a letter, as a buyer, an accountant, an operator and a printing company live it: two orders on invoice, their QR codes read from the mails' PDFs, a bank's
// file made of what was read, the letters exported and printed, one with a number and one without, two mails, and the account. On a phone in German without JavaScript, and at a
// desk in English with it.
// engines: sqlite postgresql
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { assertGood, launch, screenshot, visitor, WIDTHS } from './browser.mjs';
import { start } from './start.mjs';
import { walker } from './walk.mjs';

const PASSWORD = 'copper meadow 17 umbrella';
const PATIENCE = 100; // tries of 200 ms
const NUMBER = /98\.34\.123456\.\d{8}/;
let house, browser;

before(async () => {
  [house, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const ways = [
  { name: 'letter-phone-de-plain', width: WIDTHS.phone, language: 'de', script: false, evening: 'Nacht am See' },
  { name: 'letter-desktop-en', width: WIDTHS.desktop, language: 'en', script: true, evening: 'Night by the Lake' },
];

// One after the other: the printing company has one table.
for (const who of ways) test(`from a seat to a letter: ${who.name}`, async () => {
  const w = { ...await walker(browser, house, who), language: who.language }, desk = await at_the_desk(who);
  try {
    const orders = [];
    for (const [n, last] of ['Rochat', 'Aebi'].entries()) {
      const order = await buys(w, who.evening, n + 1, `${who.name}-${n}@example.org`, last);
      orders.push({ ...order, bill: await reads_the_bill(w, order) });
    }
    await desk.hands_in_payments(bank_file(orders.map((o) => o.bill)));
    for (const order of orders) await desk.finds_it_settled(order);
    await desk.exports(orders.length);
    const status = await prints(w, orders[1]);
    await desk.hands_in_status(status);
    await is_told(w, orders[0], NUMBER);
    await is_told(w, orders[1], null);
    await finds_it_in_the_account(w, orders[0]);
  } finally {
    await desk.page.context().close();
    await w.end();
  }
});

// ---- the buyer ----

async function buys(w, evening, n, email, last) {
  await w.go('/');
  await w.page.locator('.playbill h3 a', { hasText: evening }).first().click();
  await w.page.fill('[name=places-standing-full]', String(n));
  await w.look('places');
  await w.page.click('.till .main');
  await w.page.waitForURL(/\/basket$/);
  await w.page.click('.till a.main');
  for (const [name, value] of Object.entries({ email, first_name: 'Jeanne', last_name: last, street: 'Rue des Moulins', house_number: '27', postcode: '2000', town: 'Neuchâtel' }))
    await w.field(name, value);
  await w.page.check('main [value=post]');
  await w.page.check('main [name=terms]');
  await w.look('checkout');
  await w.page.click('.till .main');
  await w.page.waitForURL(/\/orders\/\d+-\d$/);
  await w.look('ordered');
  return { email, last, number: w.page.url().split('/').at(-1), tickets: n };
}

// The mail is shown in the mailbox; its PDF is taken out of the file, drawn, and read as a bank's app reads it. The lines of the code.
async function reads_the_bill(w, order) {
  w.email = order.email;
  await w.mail('invoice', 1);
  const pdf = `${house.folder}/${order.number}.pdf`;
  writeFileSync(pdf, pdf_of(mails_to(order.email)[0]));
  execFileSync('pdftoppm', ['-png', '-r', '200', '-singlefile', '-f', '1', '-l', '1', pdf, pdf]);
  const lines = execFileSync('ZXingReader', ['-format', 'QRCode', '-bytes', `${pdf}.png`], { encoding: 'utf8' }).replaceAll('\r', '').split('\n');
  assert.equal(lines[0], 'SPC');
  assert.equal(lines[3], 'CH4431999123000889012');
  assert.equal(lines[27], 'QRR');
  assert.equal(lines[21], `Jeanne ${order.last}`);
  return { account: lines[3], amount: lines[18], currency: lines[19], payer: lines[21], reference: lines[28] };
}

async function is_told(w, order, number) {
  w.email = order.email;
  const mail = await w.mail(number ? 'sent-with-number' : 'sent-without', 2), words = await mail.locator('body').innerText();
  assert.match(words, new RegExp(order.number));
  if (number) assert.match(words, number);
  else assert.doesNotMatch(words, /98\.|service\.post\.ch/);
  assert.equal(await mail.locator('a[href*="service.post.ch"]').count() > 0, !!number);
}

// Whoever proves the address finds what was bought with it.
async function finds_it_in_the_account(w, order) {
  w.email = order.email;
  await w.go('/register');
  for (const [name, value] of Object.entries({ first_name: 'Jeanne', last_name: order.last, email: order.email, password: PASSWORD, password_again: PASSWORD })) await w.field(name, value);
  await w.send();
  await w.page.waitForURL(/sent=1/);
  await (await w.mail('confirm', 3)).locator('a[href*="/confirm-email?token="]').first().click();
  await w.page.waitForURL((url) => url.pathname === '/confirm-email');
  await w.send();
  await w.page.waitForURL(/\/account/);
  await w.go('/account/orders');
  await w.look('orders');
  await w.page.click(`main a[href$="/orders/${order.number}"]`);
  await w.look('order-sent');
  assert.match(await w.page.innerText('main .tracking'), NUMBER);
  const link = await w.page.getAttribute('main a[href*="service.post.ch"]', 'href');
  assert.match(link, new RegExp(`lang=${w.language}$`));
}

// ---- the outside world ----

function bank_file(bills) {
  const id = `${process.pid}${Date.now()}`, today = new Date().toISOString().slice(0, 10);
  const entry = (b, i) => `<Ntry><NtryRef>${b.account}</NtryRef><Amt Ccy="${b.currency}">${b.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${today}</Dt></BookgDt>
<AcctSvcrRef>E${id}${i}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>VCOM</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><AcctSvcrRef>T${id}${i}</AcctSvcrRef></Refs>
<Amt Ccy="${b.currency}">${b.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>${b.payer}</Nm></Pty></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp>
<Ref>${b.reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>`;
  const path = `${house.folder}/camt-${id}.xml`;
  writeFileSync(path, `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M${id}</MsgId><CreDtTm>${today}T12:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N${id}</Id><CreDtTm>${today}T12:00:00</CreDtTm><Acct><Id><IBAN>CH5800791123000889012</IBAN></Id></Acct>${bills.map(entry).join('')}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`);
  return path;
}

// The printing company reports all; the letter to WITHOUT has no number.
async function prints(w, without) {
  await w.page.goto(house.outside);
  const letter = w.page.locator('#printing fieldset', { hasText: `Jeanne ${without.last}` });
  await letter.locator('input:not([type])').fill('');
  await w.look('outside');
  const [file] = await Promise.all([w.page.waitForEvent('download'), w.page.click('#printing button[type=submit]')]);
  const path = `${house.folder}/${without.number}-status.csv`;
  await file.saveAs(path);
  return path;
}

// ---- the box office ----

async function at_the_desk(who) {
  const page = await visitor(browser, { ...who, language: 'en' });
  let step = 0, signed_in = '';
  const look = async (what) => {
    await page.waitForLoadState('load');
    await assertGood(page);
    await screenshot(page, `${who.name}/desk-${++step}-${what}`);
  };
  const as = async (profile, path) => {
    const me = house.signIns.find((s) => s.face === 'office' && s.profile === profile);
    if (signed_in !== profile) {
      await page.context().clearCookies();
      await page.goto(`${house.office}/signin`);
      await page.fill('main [name=email]', me.email);
      await page.fill('main [name=password]', me.password);
      await page.click('main form .main');
      await page.waitForURL((url) => !/signin/.test(url.pathname));
      signed_in = profile;
    }
    await page.goto(house.office + path);
  };
  const upload = async (path, action) => {
    await page.setInputFiles('main input[type=file]', path);
    await page.click(`main form[action*="${action}"] button`);
  };
  return {
    page,
    async hands_in_payments(path) {
      await as('accountant', '/payments');
      await upload(path, 'import-payments');
      await page.waitForURL(/\/payments\/imports\/\d+/);
      await look('payments');
    },
    async finds_it_settled(order) {
      await as('accountant', `/orders/${order.number}`);
      for (let tries = 0; !/Paid in full/.test(await page.innerText('main')); tries++) {
        assert.ok(tries < PATIENCE, `${order.number} is not settled`);
        await page.waitForTimeout(200);
        await page.reload();
      }
      await look('settled');
    },
    async exports(letters) {
      await as('manager', '/interfaces/colora');
      assert.match(await page.innerText('main form[action*="export"] button'), new RegExp(String(letters)));
      await page.click('main form[action*="export"] button');
      await page.waitForURL(/\/batches\/B-/);
      await look('batch');
    },
    async hands_in_status(path) {
      await as('manager', '/interfaces/colora');
      await upload(path, 'import-printing-status');
      await page.waitForURL(/\/imports\/\d+/);
      await page.check('main [name=send_mails]');
      await look('preview');
      await page.click('main form[action*="apply"] .main');
      for (let tries = 0; !await page.locator('main .state.done', { hasText: 'Applied' }).count(); tries++) {
        assert.ok(tries < PATIENCE, `the import goes on for ever: ${await page.innerText('main')}`);
        await page.waitForTimeout(200);
        if (!page.hasScript) await page.reload();
      }
      await look('report');
    },
  };
}

// ---- mails as files ----

function mails_to(address) {
  const folder = `${house.folder}/mail`;
  return readdirSync(folder).filter((name) => name.endsWith('.eml')).sort().map((name) => readFileSync(`${folder}/${name}`, 'latin1')).filter((text) => text.includes(address));
}

function pdf_of(mail) {
  const part = /Content-Type: application\/pdf[\s\S]*?\r?\n\r?\n([A-Za-z0-9+/=\s]+)/.exec(mail);
  assert.ok(part, 'the mail has no PDF');
  return Buffer.from(part[1], 'base64');
}
