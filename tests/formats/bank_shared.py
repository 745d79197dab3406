#!/usr/bin/env python3
"""`parterre bank read` over the sample files beside the project, against what independent readers found in them."""
import glob
import json
import os
import subprocess
import tempfile
import unittest

BINARY = os.environ.get("PARTERRE_BINARY", "build/asan/parterre")
CAMT = os.path.join(os.environ.get("PARTERRE_SHARED", ""), "data", "camt")


def read(*paths):
    run = subprocess.run([BINARY, "bank", "read", *paths], capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return run.returncode, [l for l in lines if "summary" not in l], [l["summary"] for l in lines if "summary" in l], run.stderr


def two_decimals(value):
    whole, _, part = value.partition(".")
    return f"{int(whole or 0)}.{(part + '00')[:2]}"


@unittest.skipUnless(os.environ.get("PARTERRE_SHARED") and os.path.isdir(CAMT), "no sample files beside the project (PARTERRE_SHARED)")
class Samples(unittest.TestCase):
    def wanted(self, name):
        with open(os.path.join(CAMT, "expected", name + ".json"), encoding="utf-8") as f:
            return json.load(f)

    def samples(self):
        return sorted(glob.glob(os.path.join(CAMT, "samples", "*.xml")))

    def test_every_transaction_of_every_sample_is_read_as_expected(self):
        count = 0
        for path in self.samples():
            want = self.wanted(os.path.basename(path)[:-4])
            _, got, _, _ = read(path)
            flat = [(r, e, t, i, j) for i, r in enumerate(want.get("reports", [])) for e in r["entries"] for j, t in enumerate(e["transactions"] or [None])]
            with self.subTest(os.path.basename(path)):
                self.assertEqual(len(got), len(flat))
                for line, (report, entry, t, number, place) in zip(got, flat):
                    self.compare(line, want, report, entry, t or {}, number, place)
                    count += 1
        self.assertGreater(count, 40)

    def compare(self, line, want, report, entry, t, number, place):
        self.assertEqual(line["message_id"], want["group"]["msg_id"])
        self.assertEqual(line["report_id"], report["id"])
        self.assertEqual(line["report"], number)
        self.assertEqual(line["account"], report["account"])
        self.assertEqual(line["kind"] + ".001." + line["version"], want["namespace"].rsplit(":", 1)[1])
        self.assertEqual(line["status"], entry["status"])
        self.assertEqual(line["reversal"], entry["reversal"] == "true")
        self.assertEqual(line["entry_ref"], entry["acct_svcr_ref"])
        self.assertEqual((line["booking_date"] or ""), (entry["booking_date"] or "")[:10])
        if entry["value_date"]:
            self.assertEqual(line["value_date"], entry["value_date"][:10])
        self.assertEqual(line["transaction"], place)
        amount = t["amount"] or (entry["amount"] if entry["tx_count"] == 1 else None)
        if amount:
            self.assertEqual((line["amount"], line["currency"]), (two_decimals(amount["value"]), amount["ccy"]))
        else:
            self.assertIsNone(line["amount"])
        self.assertEqual(line["credit"], t["cdt_dbt"] == "CRDT")
        for ours, theirs in (("transaction_ref", "acct_svcr_ref"), ("uetr", "uetr"), ("end_to_end_id", "end_to_end_id"), ("return_reason", "return_reason")):
            self.assertEqual(line[ours], t[theirs], ours)
        self.assertEqual(line["remittance"], t["unstructured"])
        first = t["references"][0] if t["references"] else {"type": None, "ref": None}
        self.assertEqual(line["reference_type"], {"ISR Reference": "ISR"}.get(first["type"], first["type"]))
        self.assertEqual(line["reference"], first["ref"] and first["ref"].replace(" ", "").upper())
        self.assertEqual(line["debtor"]["name"], t["debtor"] or t["ultimate_debtor"])
        self.assertEqual(line["debtor"]["iban"], t["debtor_iban"])
        if t["creditor_iban"]:
            self.assertEqual(line["credited_account"], t["creditor_iban"])

    def test_a_file_is_right_exactly_when_its_sums_are(self):
        for path in self.samples():
            want = self.wanted(os.path.basename(path)[:-4])
            entries = [e for r in want.get("reports", []) for e in r["entries"]]
            is_right = bool(entries)
            for e in entries:
                amounts = [t["amount"] for t in e["transactions"]]
                if e["tx_sum_equals_entry"] is False or len(amounts) > 1 and None in amounts:
                    is_right = False
                if any(a and a["ccy"] != e["amount"]["ccy"] for a in amounts):
                    is_right = False
                if e["batch_nb_of_txs"] and sum(map(int, e["batch_nb_of_txs"])) != e["tx_count"]:
                    is_right = False
            status, _, summaries, _ = read(path)
            with self.subTest(os.path.basename(path)):
                self.assertEqual(summaries[0]["ok"], is_right)
                self.assertEqual(status, 0 if is_right else 1)
                for finding in summaries[0]["findings"]:
                    self.assertTrue(finding["line"] and finding["element"], finding)

    def test_v11_files_are_read_as_expected(self):
        paths = sorted(glob.glob(os.path.join(CAMT, "v11", "*.v11")))
        self.assertGreater(len(paths), 4)
        for path in paths:
            with open(path[:-4] + ".expected.json", encoding="utf-8") as f:
                want = json.load(f)
            status, got, (summary,), _ = read(path)
            with self.subTest(os.path.basename(path)):
                self.assertEqual(summary["ok"], want["ok"])
                self.assertEqual(status, 0 if want["ok"] else 1)
                if not want["ok"]:
                    self.assertTrue(summary["findings"][0]["line"])
                    continue
                self.assertEqual(len(got), want["records"])
                self.assertEqual({g["version"] for g in got}, {str(want["type"])})
                self.assertEqual(summary["totals"][0]["credit"], f"{want['total_cents'] / 100:.2f}")
                if "fee_cents" in want:
                    self.assertEqual(sum(round(float(g["charges"]) * 100) for g in got), want["fee_cents"])
                if "references" in want:
                    self.assertEqual([g["reference"] for g in got], want["references"])


@unittest.skipUnless(os.environ.get("PARTERRE_SHARED") and os.path.isdir(CAMT), "no sample files beside the project (PARTERRE_SHARED)")
class Scenarios(unittest.TestCase):
    def test_every_scenario_ends_as_expected(self):
        folders = sorted(glob.glob(os.path.join(CAMT, "scenarios", "*", "")))
        self.assertGreater(len(folders), 9)
        for folder in folders:
            files = sorted(glob.glob(os.path.join(folder, "*.xml")))
            with open(os.path.join(folder, "expected.csv"), encoding="utf-8") as f:
                want = f.read()
            run = subprocess.run([BINARY, "bank", "reconcile", "--ledger", os.path.join(CAMT, "scenarios", "ledger.csv"), *files],
                                 capture_output=True, text=True, timeout=60)
            with self.subTest(os.path.basename(os.path.dirname(folder))):
                self.assertEqual(run.stdout, want)
                self.assertEqual(run.returncode, 0, run.stderr)

    def test_a_state_makes_several_runs_one(self):
        ledger = os.path.join(CAMT, "scenarios", "ledger.csv")
        for folder in sorted(glob.glob(os.path.join(CAMT, "scenarios", "*", ""))):
            if "two-pages" in folder:
                continue  # pages are given together
            with tempfile.TemporaryDirectory() as temporary, open(os.path.join(folder, "expected.csv"), encoding="utf-8") as f:
                head, rows = f.readline(), f.readlines()
                state = os.path.join(temporary, "state")
                got = []
                for path in sorted(glob.glob(os.path.join(folder, "*.xml"))):
                    run = subprocess.run([BINARY, "bank", "reconcile", "--ledger", ledger, "--state", state, path], capture_output=True, text=True, timeout=60)
                    self.assertEqual(run.returncode, 0, run.stderr)
                    self.assertEqual(run.stdout.splitlines(True)[0], head)
                    got += run.stdout.splitlines(True)[1:]
                with self.subTest(os.path.basename(os.path.dirname(folder))):
                    self.assertEqual(got, rows)


if __name__ == "__main__":
    unittest.main()
