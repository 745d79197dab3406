// The report of `parterre bank reconcile` for people: two currencies, large sums and references without a blank, on a desk and on a phone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertGood, launch, screenshot, visitor, WIDTHS } from './browser.mjs';

const BINARY = process.env.PARTERRE_BINARY ?? 'build/asan/parterre';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId>'
  + '<CreDtTm>2026-11-24T23:40:00</CreDtTm></GrpHdr><Ntfctn><Id>N1</Id><Acct><Id><IBAN>CH9300762011623852957</IBAN></Id></Acct>';
const TAIL = '</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n';
const LONG_NAME = 'Verein für die Förderung der zeitgenössischen Musik im Kanton Graubünden und Umgebung';
const structured = (reference) => `<Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>${reference}</Ref></CdtrRefInf></Strd>`;
const text = (words) => `<Ustrd>${words}</Ustrd>`;

function entry(n, currency, amount, remittance) {
  return `<Ntry><NtryRef>CH8830123000012345678</NtryRef><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt>`
    + `<AcctSvcrRef>S${n}</AcctSvcrRef><NtryDtls><TxDtls><Refs><AcctSvcrRef>T${n}</AcctSvcrRef></Refs><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>`
    + `<RltdPties><Dbtr><Pty><Nm>${LONG_NAME}</Nm></Pty></Dbtr></RltdPties><RmtInf>${remittance}</RmtInf></TxDtls></NtryDtls></Ntry>`;
}

let folder, browser, url;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
  const unknown = structured('880000000000000000007777771'), endless = text('RECHNUNGSNUMMERABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.repeat(2));
  writeFileSync(join(folder, 'day.xml'), HEAD + entry(1, 'CHF', '1234567.90', structured('880000000000000000000010016')) + entry(2, 'CHF', '118.00', unknown)
    + entry(3, 'EUR', '12345678.90', unknown) + entry(4, 'EUR', '59.90', endless) + TAIL);
  execFileSync(BINARY, ['bank', 'reconcile', '--ledger', 'docs/samples/ledger.csv', '--report', join(folder, 'report.html'), join(folder, 'day.xml')],
    { env: { ...process.env, LC_ALL: 'de' } });
  url = `file://${folder}/report.html`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

for (const [name, width] of [...Object.entries(WIDTHS), ['narrow desk', 980]]) {
  test(`sums stay whole and every column is there: ${name}`, async () => {
    const page = await visitor(browser, { width, dark: name === 'desktop' });
    await page.goto(url);
    await assertGood(page);
    const broken = await page.evaluate(() => [...document.querySelectorAll('.figures dd, td.nowrap')].filter((e) => {
      const range = document.createRange();
      range.selectNodeContents(e);
      return e.textContent && (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1 || e.scrollWidth > e.clientWidth);
    }).map((e) => e.textContent));
    assert.deepEqual(broken, [], 'sums that break or run out of their column');
    const rows = await page.evaluate(() => [...document.querySelectorAll('.figures')].map((f) => new Set([...f.querySelectorAll('dd')].map((d) => d.textContent.slice(0, 3))).size));
    assert.deepEqual(rows, [1, 1], 'currencies stand apart');
    await screenshot(page, `bank-report-${width}`);
    await page.context().close();
  });
}
