#!/usr/bin/env python3
"""`parterre bank` from outside, on files of our own: archives, pages, refusals, the state, the report; and our files are what the schemas allow."""
import gzip
import io
import json
import os
import select
import shutil
import subprocess
import tempfile
import unittest
import zipfile

BINARY = os.environ.get("PARTERRE_BINARY", "build/asan/parterre")
SAMPLE = "docs/samples/camt.054.xml"
LEDGER = "docs/samples/ledger.csv"
SCHEMAS = os.path.join(os.environ.get("PARTERRE_SHARED", ""), "data", "camt", "xsd")
CREDIT = ('<TxDtls><Refs><AcctSvcrRef>T{n}</AcctSvcrRef></Refs><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{more}<RmtInf><Strd><CdtrRefInf><Tp>'
          '<CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>')
BILL_1, BILL_2 = "880000000000000000000010016", "880000000000000000000010024"
CHARGE = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>"
PLAIN = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>VCOM</SubFmlyCd></Fmly></Domn></BkTxCd>"


def run(*arguments, **more):
    return subprocess.run([BINARY, "bank", *arguments], capture_output=True, text=True, timeout=60, **{"env": dict(os.environ, LC_ALL="C"), **more})


def entry(amount, details, sign="CRDT", code=PLAIN):
    return (f'<Ntry><NtryRef>CH8830123000012345678</NtryRef><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
            f'<BookgDt><Dt>2026-11-24</Dt></BookgDt><AcctSvcrRef>S1</AcctSvcrRef>{code}' + (f"<NtryDtls>{details}</NtryDtls>" if details else "") + "</Ntry>")


def message(entries, page=1, is_last=True, identity="N1", number="M1"):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
            f'<GrpHdr><MsgId>{number}</MsgId><CreDtTm>2026-11-24T23:40:00</CreDtTm><MsgPgntn><PgNb>{page}</PgNb><LastPgInd>{str(is_last).lower()}</LastPgInd>'
            f'</MsgPgntn></GrpHdr>\n<Ntfctn><Id>{identity}</Id><Acct><Id><IBAN>CH9300762011623852957</IBAN></Id></Acct>\n{entries}\n'
            '</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n')


def payment(amount, reference, n=1, more=""):
    return entry(amount, CREDIT.format(n=n, amount=amount, reference=reference, more=more))


class Bank(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        if name.endswith(".xml") and os.path.isdir(SCHEMAS) and b"SplmtryData" not in (content if isinstance(content, bytes) else content.encode()):
            self.check_schema(path)
        return path

    def contents(self):
        found = {}
        for name in os.listdir(self.folder):
            with open(os.path.join(self.folder, name), "rb") as f:
                found[name] = f.read()
        return found

    def check_schema(self, path):
        checked = subprocess.run(["xmllint", "--noout", "--stream", "--schema", os.path.join(SCHEMAS, "camt.054.001.08.xsd"), path],
                                 capture_output=True, text=True, timeout=60)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def reconcile(self, *arguments):
        done = run("reconcile", "--ledger", LEDGER, *arguments)
        rows = [line.split(",") for line in done.stdout.splitlines()]
        self.assertEqual(rows[:1], ["file,entry,tx,outcome,bill,open_cents_after".split(",")] if rows else [])
        return done, rows[1:]

    # ---- what the manual shows ----

    def test_the_manuals_examples_are_true(self):
        done = run("read", SAMPLE)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(done.returncode, 0)
        self.assertEqual(lines[-1], {"summary": {"file": SAMPLE, "ok": True, "transactions": 3, "totals": [{"currency": "CHF", "credit": "222.90", "debit": "0.00"}],
                                                 "findings": []}})
        self.assertEqual(lines[0]["debtor"], {"name": "Noémie Favre", "iban": None, "address": None})
        done, rows = self.reconcile(SAMPLE)
        self.assertEqual([r[3] for r in rows], ["paid", "partial", "no-reference"])
        with open("docs/bank-files.md", encoding="utf-8") as f:
            self.assertIn(done.stdout, f.read())
        if os.path.isdir(SCHEMAS):
            self.check_schema(SAMPLE)

    # ---- forms ----

    def test_gzip_and_archives_are_read_like_what_is_in_them(self):
        plain = message(payment("118.00", BILL_1))
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("2026/", "")
            z.writestr("2026/first.xml", plain)
            z.writestr("second.xml", message(payment("59.90", BILL_2, 2), identity="N2"))
        gz, both = self.file("day.xml.gz", gzip.compress(plain.encode())), self.file("days.zip", archive.getvalue())
        _, rows = self.reconcile(gz)
        self.assertEqual(rows, [["day", "0", "0", "paid", "1001", "0"]])
        _, rows = self.reconcile(both)
        self.assertEqual(rows, [["first", "0", "0", "paid", "1001", "0"], ["second", "0", "0", "paid", "1002", "0"]])
        lines = [json.loads(line) for line in run("read", both).stdout.splitlines()]
        self.assertEqual([l["summary"]["file"] for l in lines if "summary" in l], [both + ":2026/first.xml", both + ":second.xml"])
        self.assertEqual(lines[0]["file"], both + ":2026/first.xml")

    def test_the_same_file_packed_is_the_same_file(self):
        plain = message(payment("118.00", BILL_1))
        _, rows = self.reconcile(self.file("a.xml", plain), self.file("b.xml.gz", gzip.compress(plain.encode())))
        self.assertEqual([r[3] for r in rows], ["paid", "already-imported"])

    def test_a_pipe_is_read_like_a_file(self):
        plain = message(payment("118.00", BILL_1)).encode()
        for content in (plain, gzip.compress(plain)):
            done = subprocess.run([BINARY, "bank", "reconcile", "--ledger", LEDGER, "/dev/stdin"], input=content, capture_output=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout.splitlines()[1:]), (0, [b"stdin,0,0,paid,1001,0"]), done.stderr)
            done = subprocess.run([BINARY, "bank", "read", "/dev/stdin"], input=content, capture_output=True, timeout=60)
            self.assertTrue(json.loads(done.stdout.splitlines()[-1])["summary"]["ok"])
        first, second = self.file("a.xml", plain), self.file("b.xml", message(payment("59.90", BILL_2, 2), identity="N2"))
        done = subprocess.run(["bash", "-c", f'"$0" bank reconcile --ledger {LEDGER} <(cat "$1") <(cat "$2")', BINARY, first, second],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual([row.split(",")[3:5] for row in done.stdout.splitlines()[1:]], [["paid", "1001"], ["paid", "1002"]], done.stderr)

    def test_what_lies_beside_bank_files_in_an_archive_is_told_of_and_refuses_nothing(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as z:
            z.writestr("readme.txt", "Your statements")
            z.writestr("__MACOSX/._day.xml", b"\0\5\x16\7")
            z.writestr("day.xml.gz", gzip.compress(message(payment("118.00", BILL_1)).encode()))
        path = self.file("days.zip", archive.getvalue())
        done, rows = self.reconcile(path)
        self.assertEqual((done.returncode, rows), (0, [["day", "0", "0", "paid", "1001", "0"]]))
        self.assertIn("readme.txt", done.stderr)
        done = run("read", path)
        summaries = [json.loads(line)["summary"] for line in done.stdout.splitlines() if "summary" in line]
        self.assertEqual((done.returncode, [s["ok"] for s in summaries]), (0, [True]))
        self.assertEqual([(f["severity"], f["element"]) for f in summaries[0]["findings"]], [("warning", "readme.txt"), ("warning", "__MACOSX/._day.xml")])

    # ---- outcomes of our own ----

    def test_wrong_account_charge_and_other_debit(self):
        elsewhere = "<RltdPties><CdtrAcct><Id><IBAN>CH5109000000250092291</IBAN></Id></CdtrAcct></RltdPties>"
        done, rows = self.reconcile(self.file("a.xml", message(
            payment("118.00", BILL_1, more=elsewhere) + entry("5.00", "", "DBIT", CHARGE) + entry("70.00", "", "DBIT"))))
        self.assertEqual(rows, [["a", "0", "0", "wrong-account", "1001", "11800"], ["a", "1", "", "charge", "", ""], ["a", "2", "", "other-debit", "", ""]])
        self.assertEqual(done.returncode, 0)

    # ---- refusals ----

    def test_a_refused_file_books_nothing_and_the_others_all(self):
        good, bad = self.file("good.xml", message(payment("118.00", BILL_1))), self.file("bad.txt", message(payment("59.90", BILL_2, 2))[:-20])
        done, rows = self.reconcile(bad, good)
        self.assertEqual(rows, [["good", "0", "0", "paid", "1001", "0"]])
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"bad\.txt:\d+:.*\(C00\)")
        self.assertEqual(run("read", good).returncode, 0)
        self.assertEqual(run("read", good, bad).returncode, 1)

    def test_a_wrong_sum_refuses_its_entry_and_not_the_file(self):
        path = self.file("a.xml", message(entry("119.00", CREDIT.format(n=1, amount="118.00", reference=BILL_1, more="")) + payment("59.90", BILL_2, 2)))
        done, rows = self.reconcile(path)
        self.assertEqual(rows, [["a", "0", "", "entry-rejected", "", ""], ["a", "1", "0", "paid", "1002", "0"]])
        self.assertEqual(done.returncode, 0)
        self.assertIn("(C5)", done.stderr)
        read = run("read", path)
        self.assertEqual(read.returncode, 1)
        self.assertFalse(json.loads(read.stdout.splitlines()[-1])["summary"]["ok"])

    def test_balances_that_do_not_add_up_refuse_the_file_for_both_commands(self):
        balance = ('<Bal><Tp><CdOrPrtry><Cd>{}</Cd></CdOrPrtry></Tp><Amt Ccy="CHF">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>')
        for closing, is_right in (("118.00", True), ("118.05", False)):
            content = message(payment("118.00", BILL_1)).replace("camt.054", "camt.053").replace("BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt").replace("Ntfctn>", "Stmt>")
            path = self.file("statement", content.replace("</Acct>", "</Acct>" + balance.format("OPBD", "0.00") + balance.format("CLBD", closing)))
            done, rows = self.reconcile(path)
            self.assertEqual((done.returncode, len(rows)), (0, 1) if is_right else (1, 0))
            read = run("read", path)
            summary = json.loads(read.stdout.splitlines()[-1])["summary"]
            self.assertEqual((read.returncode, summary["ok"]), (0, True) if is_right else (1, False))
            self.assertEqual(summary["transactions"], 1)
            if not is_right:
                self.assertIn("(C3)", done.stderr)

    def test_pages_of_messages_of_one_number_from_two_days_are_not_mixed(self):
        first = self.file("a.xml", message(payment("10.00", BILL_1, 1), page=1, is_last=False, identity="A", number="MP"))
        second = self.file("b.xml", message(payment("10.00", BILL_1, 2), page=2, identity="B", number="MP").replace("2026-11-24T23:40:00", "2027-11-24T23:40:00"))
        done, rows = self.reconcile(first, second)
        self.assertEqual((rows, done.returncode), ([], 1))
        self.assertEqual(done.stderr.count("(C14)"), 2)

    def test_pages_made_over_midnight_belong_together(self):
        first = self.file("a.xml", message(payment("10.00", BILL_1, 1), page=1, is_last=False, number="MP"))
        second = self.file("b.xml", message(payment("10.00", BILL_1, 2), page=2, number="MP").replace("2026-11-24T23:40:00", "2026-11-25T00:01:00"))
        done, rows = self.reconcile(first, second)
        self.assertEqual((done.returncode, [r[3] for r in rows]), (0, ["partial", "partial"]))

    def test_a_page_without_its_others_is_refused_and_with_them_accepted_in_any_order(self):
        pages = [self.file(f"p{n}.xml", message(payment("10.00", BILL_1, n), page=n, is_last=n == 3, identity=f"N{n}", number="MP")) for n in (1, 2, 3)]
        done, rows = self.reconcile(pages[0], pages[2])
        self.assertEqual((rows, done.returncode), ([], 1))
        self.assertIn("(C14)", done.stderr)
        done, rows = self.reconcile(pages[2], pages[0], pages[1])
        self.assertEqual(([r[3] for r in rows], done.returncode), (["partial"] * 3, 0))

    def test_the_pages_of_a_report_count_once_all_are_there(self):
        def page(n, is_last, more=""):
            paging = f"</Id><NtfctnPgntn><PgNb>{n}</PgNb><LastPgInd>{str(is_last).lower()}</LastPgInd></NtfctnPgntn><Acct>"
            entry_of_page = payment("10.00", BILL_1, "").replace("<AcctSvcrRef>T</AcctSvcrRef>", "").replace("<AcctSvcrRef>S1</AcctSvcrRef>", "")
            return self.file(f"p{n}{more}.xml", message(entry_of_page, number=f"M{n}").replace("</Id><Acct>", paging).replace("N1", "N1" + more))
        first, second = page(1, False), page(2, True)
        done, rows = self.reconcile(first)
        self.assertEqual((rows, done.returncode), ([], 1))
        self.assertRegex(done.stderr, r"2.*N1.*\(C14\)")
        _, rows = self.reconcile(second, first)
        self.assertEqual([r[3] for r in rows], ["partial", "partial"])
        _, rows = self.reconcile(first, page(2, True, "other"))
        self.assertEqual(rows, [])
        finding = json.loads(run("read", first).stdout.splitlines()[-1])["summary"]["findings"][0]
        self.assertEqual((finding["rule"], finding["severity"]), ("C14", "warning"))

    def statement_page(self, n, is_last, entries, balances="", paging="message"):
        """A page of a statement; BALANCES is a code and an amount each."""
        bal = "".join(f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>'
                      for code, amount in balances)
        of_report = f"<StmtPgntn><PgNb>{n}</PgNb><LastPgInd>{str(is_last).lower()}</LastPgInd></StmtPgntn>" if paging == "report" else ""
        content = message(entries, page=n if paging == "message" else 1, is_last=is_last or paging == "report", identity="S1", number="MS" if paging == "message" else f"MS{n}")
        content = content.replace("camt.054", "camt.053").replace("BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt").replace("Ntfctn>", "Stmt>")
        return self.file(f"p{n}", content.replace("</Id><Acct>", f"</Id>{of_report}<Acct>").replace("</Acct>", f"</Acct>{bal}"))

    def test_balances_of_a_statement_in_pages_are_checked_over_its_pages(self):
        entries = payment("100.00", BILL_1), payment("18.00", BILL_1, 2)
        for paging in ("message", "report"):
            for closing, is_right in (("128.00", True), ("128.05", False)):
                first = self.statement_page(1, False, entries[0], [("OPBD", "10.00"), ("CLBD", "110.00")], paging)
                last = self.statement_page(2, True, entries[1], [("OPBD", "110.00"), ("CLBD", closing)], paging)
                good = self.file("good.xml", message(payment("59.90", BILL_2, 3)))
                for files in ((first, last, good), (last, good, first)):
                    done, rows = self.reconcile(*files)
                    if is_right:
                        self.assertEqual((done.returncode, sorted(r[3] for r in rows)), (0, ["paid", "paid", "partial"]), done.stderr)
                    else:
                        self.assertEqual((done.returncode, [r[0] for r in rows]), (1, ["good"]), "nothing of its pages counts, all of the other does")
                        self.assertEqual(done.stderr.count("(C3)"), 2)
                        self.assertIn("128.00", done.stderr)
        # only the first has an opening, only the last a closing balance
        done, rows = self.reconcile(self.statement_page(1, False, entries[0], [("OPBD", "10.00")]), self.statement_page(2, True, entries[1], [("CLBD", "128.05")]))
        self.assertEqual((done.returncode, rows), (1, []))

    def with_more_lines(self, path, name):
        """The same message in other bytes."""
        with open(path, encoding="utf-8") as f:
            return self.file(name, f.read().replace("\n", "\n\n"))

    def test_a_page_that_comes_twice_is_counted_once_and_one_that_comes_later_not_at_all(self):
        state = os.path.join(self.folder, "state")
        first = self.statement_page(1, False, payment("100.00", BILL_1), [("OPBD", "10.00")])
        again = self.with_more_lines(first, "again")
        last = self.statement_page(2, True, payment("18.00", BILL_1, 2), [("CLBD", "128.00")])
        done, rows = self.reconcile("--state", state, first, again, last)
        self.assertEqual((done.returncode, [r[3] for r in rows]), (0, ["partial", "already-imported", "paid"]), done.stderr)
        done, rows = self.reconcile("--state", state, self.with_more_lines(last, "later"))
        self.assertEqual((done.returncode, [r[3] for r in rows]), (0, ["already-imported"]), "its first page was there in an earlier run")

    def test_what_is_refused_takes_the_other_pages_of_its_message_with_it(self):
        other = message(payment("59.90", BILL_2, 3), page=3, identity="S2", number="MS").replace("camt.054", "camt.053")
        other = self.file("p3", other.replace("BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt").replace("Ntfctn>", "Stmt>"))
        first = self.statement_page(1, False, payment("100.00", BILL_1), [("OPBD", "10.00")])
        second = self.statement_page(2, False, payment("18.00", BILL_1, 2), [("CLBD", "999.00")])
        done, rows = self.reconcile(first, second, other)
        self.assertEqual((done.returncode, rows), (1, []))
        self.assertEqual((done.stderr.count("(C3)"), done.stderr.count("(C14)")), (2, 1))

    def test_pages_together_show_that_a_bank_turns_reversals(self):
        back = payment("18.00", BILL_1, 2).replace("</CdtDbtInd><Sts>", "</CdtDbtInd><RvslInd>true</RvslInd><Sts>", 1)
        for closing, turned in (("110.00", False), ("128.00", False), ("92.00", True)):
            first = self.statement_page(1, False, payment("100.00", BILL_1), [("OPBD", "10.00")])
            done, rows = self.reconcile(first, self.statement_page(2, True, back, [("CLBD", closing)]))
            if closing == "110.00":
                self.assertEqual((done.returncode, rows), (1, []))
            else:
                self.assertEqual((done.returncode, [r[3] for r in rows]), (0, ["partial", "reversed" if turned else "paid"]), done.stderr)
            self.assertEqual("turns the sign" in done.stderr, turned)

    def test_an_amount_that_is_not_used_may_be_of_any_currency(self):
        charge = ('<Chrgs><Rcrd><Amt Ccy="KWD">0.125</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>')
        more = '<AmtDtls><TxAmt><Amt Ccy="KWD">30.123</Amt></TxAmt></AmtDtls>' + charge
        done, rows = self.reconcile(self.file("a.xml", message(payment("118.00", BILL_1, more=more))))
        self.assertEqual((rows, done.returncode), ([["a", "0", "0", "paid", "1001", "0"]], 0), done.stderr)
        self.assertEqual(done.stderr.count("(C12)"), 2)
        done, rows = self.reconcile(self.file("b.xml", message(payment("118.001", BILL_1))))
        self.assertEqual((rows, done.returncode), ([], 1))
        lines = run("read", self.file("c.xml", message(payment("118.00", BILL_1, more='<Chrgs><Rcrd><Amt Ccy="CHF">2.00</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd>'
                                                               '<Rcrd><Amt Ccy="CHF">0.00</Amt><ChrgInclInd>false</ChrgInclInd></Rcrd></Chrgs>')))).stdout.splitlines()
        self.assertTrue(json.loads(lines[0])["charge_included"])

    def test_a_file_that_cannot_be_opened_has_its_closing_line(self):
        absent = os.path.join(self.folder, "none.xml")
        done = run("read", absent, SAMPLE, self.folder, env=dict(os.environ, LC_ALL="en"))
        self.assertEqual(done.returncode, 1)
        summaries = [json.loads(line)["summary"] for line in done.stdout.splitlines() if "summary" in line]
        self.assertEqual([(s["file"], s["ok"], s["transactions"]) for s in summaries], [(absent, False, 0), (SAMPLE, True, 3), (self.folder, False, 0)])
        self.assertEqual([(f["rule"], f["severity"]) for f in summaries[0]["findings"]], [("C00", "error")])
        self.assertIn("No such file", summaries[0]["findings"][0]["message"])
        self.assertIn("none.xml", done.stderr)

    def test_wrong_usage_and_missing_files(self):
        self.assertEqual(run("reconcile", SAMPLE).returncode, 2)
        self.assertEqual(run("read").returncode, 2)
        self.assertEqual(run("read", os.path.join(self.folder, "none.xml")).returncode, 1)
        self.assertEqual(run("read", self.folder).returncode, 1)
        self.assertEqual(run("reconcile", "--ledger", SAMPLE, SAMPLE).returncode, 1)
        with open("/dev/full", "w", encoding="utf-8") as full:
            self.assertEqual(subprocess.run([BINARY, "bank", "read", SAMPLE], stdout=full, stderr=subprocess.PIPE, timeout=60).returncode, 1)

    # ---- state and report ----

    def test_a_state_is_kept_whole_or_not_at_all(self):
        state = os.path.join(self.folder, "state")
        _, rows = self.reconcile("--state", state, SAMPLE)
        self.assertEqual(rows[0][3], "paid")
        self.assertEqual(os.stat(state).st_mode & 0o777, 0o600)
        _, rows = self.reconcile("--state", state, SAMPLE)
        self.assertEqual({r[3] for r in rows}, {"already-imported"})
        self.assertEqual(os.listdir(self.folder), ["state"])
        with open(state, "r+", encoding="utf-8") as f:
            before = f.read()
            f.truncate(len(before) // 2)
        done, _ = self.reconcile("--state", state, SAMPLE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("state", done.stderr)
        done = run("reconcile", "--ledger", LEDGER, "--state", os.path.join(self.folder, "none", "state"), SAMPLE)
        self.assertEqual(done.returncode, 1)

    def test_nothing_that_is_read_is_overwritten(self):
        ledger = shutil.copy(LEDGER, self.folder + "/ledger.csv")
        state = os.path.join(self.folder, "state")
        self.reconcile("--state", state, SAMPLE)
        os.symlink(state, os.path.join(self.folder, "link"))
        sample = shutil.copy(SAMPLE, self.folder + "/sample.xml")
        before = self.contents()
        for written in (("--report", ledger), ("--report", os.path.join(self.folder, "link"), "--state", state), ("--report", sample), ("--state", ledger), ("--state", sample)):
            done = run("reconcile", "--ledger", ledger, *written, sample)
            self.assertEqual((done.returncode, done.stdout), (2, ""), written)
            self.assertIn("overwritten", done.stderr)
        self.assertEqual(self.contents(), before)

    def test_a_link_to_a_state_leads_to_it_afterwards(self):
        state, link = os.path.join(self.folder, "state"), os.path.join(self.folder, "link")
        self.reconcile("--state", state, SAMPLE)
        os.symlink("state", link)
        self.reconcile("--state", link, self.file("more.xml", message(payment("1.00", BILL_1, 9), identity="N9")))
        self.assertTrue(os.path.islink(link))
        _, rows = self.reconcile("--state", state, os.path.join(self.folder, "more.xml"))
        self.assertEqual(rows[0][3], "already-imported")

    def test_rows_that_nobody_can_read_are_an_error_and_keep_no_state(self):
        state = os.path.join(self.folder, "state")
        done = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', BINARY, "bank", "reconcile", "--ledger", LEDGER, "--state", state, SAMPLE],
                              stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((done.returncode, os.listdir(self.folder)), (1, []))
        self.assertIn(b"stdout", done.stderr)

    def test_a_file_that_may_not_grow_leaves_nothing_lying_about(self):
        state = os.path.join(self.folder, "state")
        done = subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$0" "$@"', BINARY, "bank", "reconcile", "--ledger", LEDGER, "--state", state, SAMPLE],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((done.returncode, os.listdir(self.folder)), (1, []))
        self.assertIn(b"too large", done.stderr)

    def test_a_ledger_may_come_through_a_pipe(self):
        done = subprocess.run(["sh", "-c", 'cat "$1" | "$0" bank reconcile --ledger /dev/stdin "$2"', BINARY, LEDGER, SAMPLE], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, run("reconcile", "--ledger", LEDGER, SAMPLE).stdout))

    def test_a_ledger_that_a_spreadsheet_has_changed_is_refused(self):
        head = "bill,currency,amount_cents,ref_type,reference,account\n"
        for row, wanted in ((f"1,CHF,100,QRR,{BILL_1[:-1]}0,CH8830123000012345678\n", "reference"), ("1,CHF,100,QRR,8.8E+26,CH8830123000012345678\n", "8.8E+26"),
                            ("1,CHF,100,QRR,8,80E+26,CH8830123000012345678\n", "comma in a number"), (f"1,chf,100,QRR,{BILL_1},CH8830123000012345678\n", "chf")):
            done = run("reconcile", "--ledger", self.file("l.csv", head + row), SAMPLE)
            self.assertEqual(done.returncode, 1, row)
            self.assertIn(wanted, done.stderr)
        done = run("reconcile", "--ledger", self.file("l.csv", head.replace(",", ";")), SAMPLE)
        self.assertIn("semicolons", done.stderr)

    def test_the_commands_for_banks_are_listed(self):
        done = subprocess.run([BINARY, "help", "bank"], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, [line.split()[1] for line in done.stdout.splitlines()]), (0, ["read", "reconcile"]))

    def test_two_runs_with_one_state_wait_for_each_other(self):
        state, pipe = os.path.join(self.folder, "state"), os.path.join(self.folder, "pipe")
        os.mkfifo(pipe)
        first = subprocess.Popen([BINARY, "bank", "reconcile", "--ledger", LEDGER, "--state", state, pipe], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with open(pipe, "w", encoding="utf-8") as to:  # the first run has its state, and waits for its file
            second = subprocess.Popen([BINARY, "bank", "reconcile", "--ledger", LEDGER, "--state", state, self.file("b.xml", message(payment("59.90", BILL_2, 2), identity="N2"))],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            with self.assertRaises(subprocess.TimeoutExpired):
                second.wait(timeout=1)
            self.assertTrue(select.select([second.stderr], [], [], 30)[0], "it waits without a word")
            self.assertIn(b"state.lock", second.stderr.readline())
            to.write(message(payment("118.00", BILL_1)))
        out, said = first.communicate(timeout=60)
        self.assertIn(b",paid,1001,0", out)
        self.assertEqual(said, b"", "it did not wait")
        out, said = second.communicate(timeout=60)
        self.assertIn(b",paid,1002,0", out)
        self.assertEqual(said, b"", "once is enough")
        self.assertNotIn("state.lock", os.listdir(self.folder))
        _, rows = self.reconcile("--state", state, self.file("c.xml", message(payment("118.00", BILL_1) + payment("59.90", BILL_2, 2), identity="N3")))
        self.assertEqual([r[3] for r in rows], ["already-imported"] * 2)

    def report_on(self, *files):
        path = os.path.join(self.folder, "report.html")
        done = run("reconcile", "--ledger", LEDGER, "--report", path, *files, env=dict(os.environ, LC_ALL="en"))
        with open(path, encoding="utf-8") as f:
            return done, f.read()

    def test_the_report_tells_why_a_file_was_refused(self):
        bad, page = self.file("bad.txt", message(payment("1.00", BILL_1))[:-20]), self.file("page.xml", message(payment("1.00", BILL_1), is_last=False))
        done, shown = self.report_on(bad, page, os.path.join(self.folder, "absent.xml"), self.file("noise.zip", b"PK\3\4nothing"), SAMPLE)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(shown.count("Refused; nothing of it was booked"), 4)
        for wanted in ("bad.txt", "page.xml", "absent.xml", "noise.zip", "C14", "C00", "No such file", "Page 2 of the message M1"):
            self.assertIn(wanted, shown)

    def test_money_that_is_taken_back_is_told_and_counted(self):
        uetr, refs = "<UETR>f4b15ec5-9151-4f95-b1df-f873cdfc13df</UETR>", "<AcctSvcrRef>T1</AcctSvcrRef>"
        def told(n, marks, reference):
            told_of = payment("10.00", reference or BILL_1).replace(refs, marks)
            if not reference:
                told_of = told_of[:told_of.index("<RmtInf>")] + told_of[told_of.index("</RmtInf>") + len("</RmtInf>"):]
            return self.file(f"t{n}.xml", message(told_of, identity=f"N{n}"))
        done, shown = self.report_on(told(1, uetr, BILL_1), told(2, refs, BILL_1), told(3, refs + uetr, ""))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("(D3)", done.stderr)
        self.assertIn("this shows that they are one", shown)
        self.assertIn("To look at, 1 row", shown.rsplit("Booked on bills", 1)[1])
        self.assertRegex(shown.rsplit("Booked on bills", 1)[1][:60], r"[-−].?(CHF)?.?10\.00|CHF.?[-−]10\.00")

    def test_the_report_shows_every_file_and_needs_nothing_beside_it(self):
        gap = [self.file(f"g{n}.xml", message("", identity=f"G{n}").replace("</Id><Acct>", f"</Id><ElctrncSeqNb>{n}</ElctrncSeqNb><Acct>")) for n in (1, 3)]
        path = os.path.join(self.folder, "report.html")
        evil = self.file("evil.xml", message(payment("1.00", BILL_1, 9, more="<RltdPties><Dbtr><Pty><Nm>&lt;script&gt;alert(1)&lt;/script&gt;</Nm></Pty></Dbtr></RltdPties>")
                                             .replace(BILL_1, "880000000000000000007777771"), identity="N9"))
        for language, words in (("en", "To look at"), ("fr_CH.UTF-8", "À examiner"), ("de", "Anzuschauen"), ("it_CH", "Da esaminare")):
            done = run("reconcile", "--ledger", LEDGER, "--report", path, SAMPLE, *gap, evil, env=dict(os.environ, LC_ALL=language))
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(path, encoding="utf-8") as f:
                page = f.read()
            for wanted in (words, SAMPLE, "no-reference", "missing-statement", "Theo Wenger", "Tickets 22.11.", "&lt;script&gt;"):
                self.assertIn(wanted, page)
            self.assertNotIn("<script", page)
            self.assertNotIn("http", page.replace("http://www.w3.org", ""))
            self.assertNotIn("url(", page)


if __name__ == "__main__":
    unittest.main()
