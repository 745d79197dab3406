#!/usr/bin/env python3
"""`parterre qrbill` from outside: check, payload, read, reference, iban, s1, esr. Drawing is judged by tests/oracles.

The classes named Shared… go through every line of the samples beside the project, and skip without them."""
import csv
import json
import os
import resource
import subprocess
import tempfile
import unittest

BINARY = os.environ.get("PARTERRE_BINARY") or os.path.abspath("build/asan/parterre")
SHARED = os.path.join(os.environ.get("PARTERRE_SHARED") or os.path.realpath("../shared"), "data", "qrbill")

QRR, SCOR = "880000000000000000000010001", "RF51TIX000040"
QR_IBAN, IBAN = "CH8830123000012345678", "CH9300762011623852957"

PAYLOAD = (
    "SPC\n0200\n1\nCH8830123000012345678\nS\nTheater Beispiel AG\nBühnenweg\n7\n3011\nBern\nCH\n\n\n\n\n\n\n\n118.00\nCHF\n"
    "S\nNoémie Favre-Zürcher\nChemin des Crêtes\n3\n1800\nVevey\nCH\nQRR\n880000000000000000000010001\n2 Plätze Parkett\nEPD"
)


def bill(**changes):
    """A bill without a fault; a change to None takes the member away."""
    b = {
        "account": QR_IBAN,
        "creditor": {"name": "Theater Beispiel AG", "street": "Bühnenweg", "house_number": "7", "postcode": "3011", "town": "Bern", "country": "CH"},
        "debtor": {"name": "Noémie Favre-Zürcher", "street": "Chemin des Crêtes", "house_number": "3", "postcode": "1800", "town": "Vevey",
                   "country": "CH"},
        "amount": "118.00", "currency": "CHF", "reference": QRR, "message": "2 Plätze Parkett", "language": "de",
    }
    b.update(changes)
    return {k: v for k, v in b.items() if v is not None}


def run(*arguments, stdin=b"", language="C"):
    environment = dict(os.environ, LC_ALL=language)
    return subprocess.run([BINARY, "qrbill", *arguments], input=stdin, capture_output=True, check=False, env=environment)


def lines_of(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def check(*bills, language="C"):
    text = b"".join((b if isinstance(b, bytes) else json.dumps(b, ensure_ascii=False).encode()) + b"\n" for b in bills)
    done = run("check", stdin=text, language=language)
    return done, lines_of(done)


def found(line):
    """["R31 reference", "R15 debtor.street (warning)"]"""
    return [f"{f['rule']} {f['field']}{'' if f['severity'] == 'error' else ' (warning)'}" for f in line["findings"]]


def check_one(b):
    done, lines = check(b)
    assert len(lines) == 1, done
    assert done.returncode == (0 if lines[0]["valid"] else 1), done
    return lines[0]


class Check(unittest.TestCase):
    def test_a_good_bill_is_valid_and_comes_back_as_it_was(self):
        for b in (bill(), bill(language=None), bill(debtor=None, amount=None, message=None), bill(account=IBAN, reference=None),
                  bill(bill_information="//S1/10/1", alternative_schemes=["eBill/B/a@example.ch", "XY;1"])):
            self.assertEqual(check_one(b), {"valid": True, "findings": [], "bill": b})

    def test_all_findings_of_all_bills_come_at_once(self):
        done, lines = check(bill(currency="USD", amount="118"), bill(), bill(reference=QRR[:-1] + "2"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual([line["valid"] for line in lines], [False, True, False])
        self.assertEqual([found(line) for line in lines], [["R20 amount", "R22 currency"], [], ["R31 reference"]])

    def test_the_kind_of_reference_follows_from_account_and_reference(self):
        cases = [
            (QR_IBAN, QRR, []), (QR_IBAN, None, ["R30 reference"]), (QR_IBAN, "", ["R30 reference"]), (QR_IBAN, SCOR, ["R31 reference"]),
            (IBAN, None, []), (IBAN, SCOR, []), (IBAN, "rf51tix000040", []), (IBAN, QRR, ["R30 reference"]), (IBAN, "RF52TIX000040", ["R32 reference"]),
            (IBAN, "4711", ["R32 reference"]),
        ]
        for account, reference, want in cases:
            with self.subTest(account=account, reference=reference):
                self.assertEqual(found(check_one(bill(account=account, reference=reference))), want)

    def test_what_people_write_is_cleaned_with_a_warning(self):
        line = check_one(bill(account="ch88 3012 3000 0123 4567 8", message="  “Hamlet”  ", debtor=dict(bill()["debtor"], country="ch")))
        self.assertTrue(line["valid"])
        self.assertEqual(found(line), ["R06 message (warning)", "R07 message (warning)", "R10 account (warning)"])
        self.assertEqual(line["bill"], bill(message='"Hamlet"'))

    def test_an_amount_is_text(self):
        for amount in (118, 118.0, 1e3, True, [], {}, "118", "1'118.00", "-5.00", "0118.00", "1000000000.00", "1" * 5000):
            with self.subTest(amount=amount):
                line = check_one(bill(amount=amount))
                self.assertEqual(found(line), ["R20 amount"])
                self.assertLess(len(line["findings"][0]["message"]), 300)
        self.assertIn("“0.1”", check_one(bill(amount=0.1))["findings"][0]["message"])
        self.assertIn("“1949.75”", check_one(bill(amount=1949.75))["findings"][0]["message"])
        line = check_one(bill(amount=" 118.00\u00a0"))
        self.assertEqual((found(line), line["bill"]["amount"]), (["R07 amount (warning)"], "118.00"))

    def test_absent_null_and_empty_are_the_same(self):
        for nothing in ({}, {"debtor": None}, {"debtor": {}}, {"debtor": {"name": "", "town": None}}, {"message": ""}, {"amount": ""},
                        {"alternative_schemes": []}, {"alternative_schemes": ["", ""]}, {"bill_information": None}):
            text = json.dumps(dict(bill(debtor=None, message=None, amount=None), **nothing)).encode()
            with self.subTest(nothing=nothing):
                self.assertEqual(check_one(text), {"valid": True, "findings": [], "bill": bill(debtor=None, message=None, amount=None)})

    def test_wrong_shapes_are_named_by_their_path(self):
        cases = [
            ({"account": 1}, ["R00 account", "R10 account"]),
            ({"debtor": "Noémie"}, ["R00 debtor"]),
            ({"debtor": dict(bill()["debtor"], postcode=1800)}, ["R00 debtor.postcode", "R16 debtor.postcode"]),
            ({"alternative_schemes": "eBill/B/a@b.ch"}, ["R00 alternative_schemes"]),
            ({"alternative_schemes": [1]}, ["R00 alternative_schemes[0]"]),
            ({"alternative_schemes": ["A/1", "B/2", "C/3"]}, ["R43 alternative_schemes"]),
            ({"alternative_schemes": ["A/1", "B" * 101, "C/3", "D" * 101]},
             ["R43 alternative_schemes", "R43 alternative_schemes[1]", "R43 alternative_schemes[3]"]),
            ({"alternative_schemes": ["A/1", "B/2", 3]}, ["R00 alternative_schemes[2]", "R43 alternative_schemes"]),
            ({"language": "es"}, ["R00 language"]),
            ({"amout": "1.00"}, ["R00 amout (warning)"]),
            ({"debtor": dict(bill()["debtor"], nme="x")}, ["R00 debtor.nme (warning)"]),
        ]
        for changes, want in cases:
            with self.subTest(changes=changes):
                self.assertEqual(found(check_one(bill(**changes))), want)

    def test_a_line_that_is_no_bill_does_not_stop_the_others(self):
        bad = [b"[]", b"7", b"{", b"[1e999]", b'{"message":"\xff"}', b'{"message":"\\u0000"}', b'{"message":"\\ud800"}',
               b'{"amount":"1.00","amount":2.00,', b'{"message":1e999,}', b'{"a":1e}', b'{"a":00000000000000000000}',
               b"[" * 5000, b'"' + b"x" * 100_000 + b'"', b"\0", b'{"a":' * 3000 + b"1" + b"}" * 3000]
        done, lines = check(*bad, bill())
        self.assertEqual(done.returncode, 1)
        self.assertEqual([(line["valid"], found(line), line["bill"]) for line in lines[:-1]], [(False, ["R00 "], None)] * len(bad))
        self.assertTrue(lines[-1]["valid"])

    def test_a_member_that_stands_there_twice_is_named_and_nothing_else_is_lost(self):
        one = json.dumps(bill(currency="USD"))
        cases = [
            (one[:-1] + ',"amount":"5.00"}', ["R00 amount", "R22 currency"]),
            (one[:-1] + ', "\\u0061mount" : "5.00"}', ["R00 amount", "R22 currency"]),
            (one[:-1] + ',"amount":"5.00","amount":"6.00"}', ["R00 amount", "R22 currency"]),
            (one.replace('"town": "Vevey"', '"town": "Vevey", "town": "Vevey"'), ["R00 debtor.town", "R22 currency"]),
            (one.replace('"town": "Bern"', '"town": "a", "town": "b"')[:-1] + ',"message":"x"}', ["R00 creditor.town", "R00 message", "R22 currency"]),
            (one[:-1] + ',"creditor":{"name":"B"}}', ["R00 creditor", "R16 creditor.postcode", "R17 creditor.town", "R18 creditor.country", "R22 currency"]),
            (one[:-1] + ',"x":[{"a":1,"a":2}],"message":"a\\"message\\":"}', ["R00 x (warning)", "R00 message", "R22 currency"]),
        ]
        for text, want in cases:
            with self.subTest(text=text):
                self.assertEqual(sorted(found(check_one(text.encode()))), sorted(want))
        done = run("payload", stdin=(json.dumps(bill())[:-1] + ',"amount":"5.00"}').encode())
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr.decode(), r"^parterre: bill 1: R00 amount: .*\n$")

    def test_a_number_larger_than_any_is_still_only_a_wrong_value(self):
        for number in ("12345678901234567890", "1e999999999", "-1E999", "9e308", "1" * 400, "1" * 400 + ".5"):
            with self.subTest(number=number):
                line = check_one(json.dumps(bill(message=0, currency="USD")).replace('"message": 0', f'"message":{number}').encode())
                self.assertEqual(found(line), ["R00 message", "R22 currency"])
                line = check_one(json.dumps(bill(amount=0)).replace('"amount": 0', f'"amount":{number}').encode())
                self.assertEqual((found(line), "amount" in line["bill"]), (["R20 amount"], False))
                self.assertIn("“…”", line["findings"][0]["message"])
                line = check_one(json.dumps(bill())[:-1].encode() + f',"alternative_schemes":["A/1",{number}],"amount":"1.00"}}'.encode())
                self.assertEqual(found(line), ["R00 amount", "R00 alternative_schemes[1]"])

    def test_a_creditor_reference_is_kept_in_capitals(self):
        self.assertEqual(check_one(bill(account=IBAN, reference="rf51 tix0 0004 0"))["bill"]["reference"], SCOR)
        self.assertIn(SCOR, run("payload", stdin=json.dumps(bill(account=IBAN, reference=SCOR.lower())).encode()).stdout.decode())

    def test_empty_lines_and_a_missing_last_line_end_are_nothing(self):
        one = json.dumps(bill()).encode()
        for text, want in ((b"", 0), (b"\n\n", 0), (one, 1), (b"\n" + one + b"\r\n \n" + one + b"\n", 2), (b"\xef\xbb\xbf" + one, 1)):
            done = run("check", stdin=text)
            self.assertEqual((done.returncode, [line["valid"] for line in lines_of(done)]), (0, [True] * want))

    def test_a_line_may_be_as_long_as_a_bill_and_no_longer(self):
        room = (64 << 10) - len(json.dumps(bill(message="")).encode())
        long, too_long = bill(message="x" * room), bill(message="x" * (room + 1))
        text = [json.dumps(b).encode() for b in (long, too_long, bill())]
        self.assertEqual(len(text[0]), 64 << 10)
        _, lines = check(*text)
        self.assertEqual([found(line) for line in lines], [["R40 message", "R45 "], ["R00 "], []])
        for length in ((64 << 10) + 1, 1 << 17, 300_000):
            done = run("check", stdin=b"x" * length)
            self.assertEqual([found(line) for line in lines_of(done)], [["R00 "]])

    def test_messages_come_in_the_user_s_language(self):
        seen = set()
        for language in ("C", "en_GB.UTF-8", "de_CH.UTF-8", "fr_CH.UTF-8", "it_CH.UTF-8", "es_ES.UTF-8"):
            _, lines = check(bill(currency="USD"), language=language)
            seen.add(lines[0]["findings"][0]["message"])
        self.assertEqual(len(seen), 4)

    def test_nothing_in_a_translated_message_is_another_program_s_english(self):
        bad = [b"[]", b"7", b"{", b'{"amount":"1.00","amount":"2.00"}', b'{"message":"\xff"}', b'{"message":"\\u0000"}', b"[" * 5000, b'{"a":1}x', b"x"]
        for language in ("de_CH.UTF-8", "fr_CH.UTF-8", "it_CH.UTF-8"):
            _, lines = check(*bad, language=language)
            for line in lines:
                self.assertNotRegex(line["findings"][0]["message"].lower(), r"\b(expected|near|unable|token|maximum|duplicate|end of file)\b")
        _, lines = check(b'{"amount":}', language="de_CH.UTF-8")
        self.assertIn("Byte 11", lines[0]["findings"][0]["message"])

    def test_the_kind_of_reference_is_seen_through_all_kinds_of_blanks(self):
        for blank in (" ", "\u00a0", "\u202f", "\u00ad"):
            spaced = blank.join(QRR[i:i + 5] for i in range(0, 27, 5))
            line = check_one(bill(reference=spaced, account=blank.join((QR_IBAN[:4], QR_IBAN[4:]))))
            self.assertTrue(line["valid"], line)
            self.assertEqual(line["bill"], bill())

    def test_a_cleaned_bill_is_clean(self):
        line = check_one(bill(message="Ελένη – “🙏”", creditor=dict(bill()["creditor"], name="  Théâtre   du Lac ")))
        self.assertEqual(check_one(line["bill"]), {"valid": True, "findings": [], "bill": line["bill"]})

    def test_many_bills_take_no_more_memory_than_one(self):
        def peak(count):
            one = json.dumps(bill()).encode() + b"\n"
            with tempfile.TemporaryFile() as bills:
                for _ in range(count // 100):
                    bills.write(one * 100)
                bills.seek(0)
                before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
                done = subprocess.run([BINARY, "qrbill", "check"], stdin=bills, stdout=subprocess.DEVNULL, check=False,
                                      env=dict(os.environ, ASAN_OPTIONS="quarantine_size_mb=1"))
            self.assertEqual(done.returncode, 0)
            return before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        _, small = peak(1000)
        _, large = peak(30_000)
        self.assertLess(large - small, 4 << 10)  # kB


class Payload(unittest.TestCase):
    def test_one_bill_is_its_text_and_nothing_else(self):
        done = run("payload", stdin=json.dumps(bill()).encode())
        self.assertEqual((done.returncode, done.stdout.decode(), done.stderr), (0, PAYLOAD, b""))

    def test_several_are_a_line_each(self):
        text = (json.dumps(bill()) + "\n").encode() * 3
        done = run("payload", "--json", stdin=text)
        self.assertEqual((done.returncode, lines_of(done)), (0, [{"payload": PAYLOAD}] * 3))
        done = run("payload", stdin=text)
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"--json", done.stderr)

    def test_nothing_is_written_when_a_bill_is_invalid(self):
        text = (json.dumps(bill()) + "\n" + json.dumps(bill(currency="USD")) + "\n").encode()
        done = run("payload", "--json", stdin=text)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr.decode(), r"^parterre: bill 2: R22 currency: .*\n$")
        done = run("payload", stdin=json.dumps(bill(account="x", debtor={"name": "x"})).encode())
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(len(done.stderr.splitlines()), 4)  # R10, debtor's R16, R17, R18

    def test_a_warning_is_told_and_the_text_written(self):
        done = run("payload", stdin=json.dumps(bill(message="Ελένη")).encode())
        self.assertEqual(done.returncode, 0)
        self.assertIn("\nEleni\nEPD", done.stdout.decode())
        self.assertIn("R06 message", done.stderr.decode())

    def test_no_bill_is_no_payload(self):
        self.assertEqual(run("payload", stdin=b"").returncode, 2)
        self.assertEqual(run("payload", "--json", stdin=b"").returncode, 0)

    def test_a_full_disk_is_no_success(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BINARY, "qrbill", "payload"], input=json.dumps(bill()).encode(), stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stderr)


class Read(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as f:
            f.write(content)
        return path

    def read(self, *arguments, **more):
        done = run("read", *arguments, **more)
        return done.returncode, lines_of(done)

    def test_a_text_is_read_as_the_bill_it_was_made_from(self):
        path = self.file("a.txt", PAYLOAD.encode())
        self.assertEqual(self.read(path), (0, [{"file": path, "valid": True, "findings": [], "bill": bill(language=None)}]))

    def test_strict_refuses_what_lenient_warns_of(self):
        mixed = self.file("mixed.txt", PAYLOAD.replace("\n", "\r\n", 5).encode())
        blanks = self.file("blanks.txt", PAYLOAD.replace(QR_IBAN, "CH88 3012 3000 0123 4567 8").encode())
        combined = self.file("k.txt", PAYLOAD.replace("S\nTheater Beispiel AG\nBühnenweg\n7\n3011\nBern\nCH",
                                                      "K\nTheater Beispiel AG\nBühnenweg 7\n3011 Bern\n\n\nCH").encode())
        code, lines = self.read(mixed, blanks, combined)
        self.assertEqual((code, [found(line) for line in lines]), (0, [["R05  (warning)"], ["R10 account (warning)"], ["R12 creditor.type (warning)"]]))
        self.assertEqual([line["bill"] for line in lines], [bill(language=None)] * 3)
        code, lines = self.read("--strict", mixed, blanks, combined)
        self.assertEqual((code, [found(line) for line in lines]), (1, [["R05 "], ["R10 account"], ["R12 creditor.type"]]))

    def test_a_file_without_a_code_is_r00(self):
        nowhere = os.path.join(self.folder.name, "nowhere")
        for path in (self.file("empty", b""), self.file("words.txt", b"Dear Jeanne,\n"), self.file("big.txt", b"SPC\n" + b"x" * 100_000), nowhere,
                     self.folder.name, self.file("broken.pdf", b"%PDF-1.4\nnonsense"), self.file("broken.png", b"\x89PNG\r\n\x1a\nnonsense")):
            with self.subTest(path=path):
                code, lines = self.read(path)
                self.assertEqual((code, len(lines), found(lines[0]), lines[0]["bill"]), (1, 1, ["R00 "], None))

    def test_why_a_file_cannot_be_read_is_said_in_the_user_s_language(self):
        nowhere = os.path.join(self.folder.name, "nowhere")
        for language, words in (("C", ("no such file", "folder")), ("de_CH.UTF-8", ("gibt es nicht", "Ordner")),
                                ("fr_CH.UTF-8", ("existe pas", "dossier")), ("it_CH.UTF-8", ("non esiste", "cartella"))):
            lines = lines_of(run("read", nowhere, self.folder.name, language=language))
            for line, word in zip(lines, words, strict=True):
                self.assertIn(word, line["findings"][0]["message"])

    def test_a_pipe_is_read_too(self):
        code, lines = self.read("/dev/stdin", stdin=PAYLOAD.encode())
        self.assertEqual((code, lines[0]["bill"]), (0, bill(language=None)))

    def test_a_picture_and_a_document_give_their_codes(self):
        others = [bill(), bill(account=IBAN, reference=SCOR, message="zwei"), bill(amount=None, message="drei")]
        text = "".join(json.dumps(b) + "\n" for b in others).encode()
        png, pdf = self.file("x.png", b""), self.file("x.pdf", b"")
        self.assertEqual(run("render", "--format", "png", "--out", png, stdin=json.dumps(others[0]).encode()).returncode, 0)
        self.assertEqual(run("render", "--format", "pdf", "--out", pdf, stdin=text).returncode, 0)
        code, lines = self.read(png, pdf)
        self.assertEqual((code, [os.path.basename(line["file"]) for line in lines]), (0, ["x.png", "x.pdf", "x.pdf", "x.pdf"]))
        self.assertEqual([line["bill"] for line in lines], [{k: v for k, v in b.items() if k != "language"} for b in [others[0]] + others])

    def test_without_pdftoppm_it_is_said_what_is_missing(self):
        path = self.file("x.pdf", b"%PDF-1.4\n")
        done = subprocess.run([BINARY, "qrbill", "read", path], capture_output=True, check=False, env=dict(os.environ, PATH="/nonexistent", LC_ALL="C"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("poppler-utils", lines_of(done)[0]["findings"][0]["message"])

    def test_a_name_that_is_no_text_does_no_harm(self):
        path = os.path.join(os.fsencode(self.folder.name), b"caf\xe9.txt")
        with open(path, "wb") as f:
            f.write(PAYLOAD.encode())
        done = subprocess.run([BINARY, "qrbill", "read", path], capture_output=True, check=False)
        self.assertTrue(lines_of(done)[0]["file"].endswith("/caf?.txt"))


class Numbers(unittest.TestCase):
    def test_references_are_built(self):
        for arguments, want in ((("--qrr", "313947143000901", "--prefix", "210000"), "210000000003139471430009017"),
                                (("--qrr", "1"), "000000000000000000000000011"),
                                (("--scor", "539007547034"), "RF18539007547034"), (("--scor", "000040", "--prefix", "TIX"), "RF51TIX000040")):
            done = run("reference", *arguments)
            self.assertEqual((done.returncode, done.stdout.decode()), (0, want + "\n"))

    def test_what_cannot_be_built_is_refused_in_one_line(self):
        for arguments in (("--qrr", "A1"), ("--qrr", "0"), ("--qrr", "1" * 27), ("--qrr", "1" * 20, "--prefix", "1" * 7), ("--scor", "a-b"),
                          ("--scor", "1" * 22), ("--scor", "1", "--prefix", "é")):
            done = run("reference", *arguments)
            self.assertEqual((done.returncode, done.stdout, len(done.stderr.splitlines())), (1, b"", 1), arguments)

    def test_what_is_refused_is_said_in_the_user_s_language(self):
        for arguments in (("--qrr", "A1"), ("--qrr", "0"), ("--qrr", "1" * 27), ("--scor", "a-b"), ("--qrr", "1", "--prefix", "x"), ("--check",)):
            said = {run("reference", *arguments, language=language).stderr for language in ("C", "de_CH.UTF-8", "fr_CH.UTF-8", "it_CH.UTF-8")}
            self.assertEqual(len(said), 4, arguments)
        done = run("render", "--format", "jpg", language="de_CH.UTF-8")
        self.assertEqual((done.returncode, done.stderr.decode()), (2, "parterre: --format: «jpg» gehört nicht zu pdf, svg, png\n"))

    def test_wrong_usage_is_2(self):
        for arguments in (("reference",), ("reference", "--qrr", "1", "--scor", "1"), ("reference", "--check"), ("reference", "--check", "--qrr", "1"),
                          ("reference", "--qrr", "1", "2"), ("reference", "--check", "--prefix", "1", "2"), ("iban",), ("s1",), ("read",),
                          ("check", "x"), ("esr",), ("esr", "--line", "1.00"), ("esr", "--line", "--read", "x"), ("nothing",), ()):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout if arguments else b""), (2, b""), arguments)

    def test_references_are_checked(self):
        done = run("reference", "--check", "21 00000 00003 13947 14300 09017", "rf18 5390 0754 7034", "RF19539007547034", "foo")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(lines_of(done), [
            {"reference": "210000000003139471430009017", "kind": "QRR", "valid": True},
            {"reference": "RF18539007547034", "kind": "SCOR", "valid": True},
            {"reference": "RF19539007547034", "kind": "SCOR", "valid": False},
            {"reference": "FOO", "kind": None, "valid": False},
        ])

    def test_accounts_are_checked(self):
        done = run("iban", "CH44 3199 9123 0008 8901 2", "DE89370400440532013000", "CH4431999123000889011")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(lines_of(done), [
            {"iban": "CH4431999123000889012", "valid": True, "usable": True, "qr_iban": True},
            {"iban": "DE89370400440532013000", "valid": True, "usable": False, "qr_iban": False},
            {"iban": "CH4431999123000889011", "valid": False, "usable": False, "qr_iban": False},
        ])
        self.assertEqual(run("iban", "DE89370400440532013000").returncode, 0)

    def test_billing_information_is_read(self):
        done = run("s1", "//S1/10/A\\/B/11/261124/10/C", "no")
        one, two = lines_of(done)
        self.assertEqual(done.returncode, 1)
        self.assertEqual((one["fields"], found(one)), ({"10": "A/B", "11": "2026-11-24"}, ["S1 10 (warning)"]))
        self.assertEqual((two["fields"], found(two)), (None, ["S1 "]))
        self.assertEqual(run("s1", "//S1/10/1/10/2").returncode, 0)
        self.assertEqual(lines_of(run("s1", "//S1/10//10/B")), [{"fields": {"10": "B"}, "findings": []}])
        self.assertEqual(found(check_one(bill(bill_information="//S1/32/150:100.00"))), ["S1 bill_information (warning)"])
        self.assertEqual(run("s1", b"//S1/10/\xff").returncode, 1)

    def test_the_old_code_line_is_written_and_read(self):
        line = "0100003949753>210000000003139471430009017+ 010391391>"
        done = run("esr", "--line", "3949.75", "21 00000 00003 13947 14300 09017", "01-39139-1")
        self.assertEqual((done.returncode, done.stdout.decode()), (0, line + "\n"))
        done = run("esr", "--line", "", "210000000003139471430009017", "010391391")
        self.assertEqual(done.stdout.decode(), "042" + line[13:] + "\n")
        done = run("esr", "--read", line)
        self.assertEqual((done.returncode, lines_of(done)), (0, [{
            "line": line, "valid": True, "code": "01", "amount": "3949.75", "currency": "CHF", "reference": "210000000003139471430009017",
            "participant": "01-39139-1", "findings": []}]))
        done = run("esr", "--read", line.replace("753", "752"))
        self.assertEqual((done.returncode, found(lines_of(done)[0])), (1, ["ESR amount"]))
        self.assertEqual((lines_of(done)[0]["reference"], lines_of(done)[0]["participant"]), ("210000000003139471430009017", "01-39139-1"))
        done = run("esr", "--read", line[:-1])
        self.assertEqual((done.returncode, lines_of(done)[0]["participant"]), (1, "01-39139-1"))
        done = run("esr", "--line", "3949.75", "210000000003139471430009017", "01-39139-1", "--currency", "USD")
        self.assertEqual((done.returncode, done.stdout, done.stderr.decode()), (2, b"", 'parterre: --currency: "USD" is not among CHF, EUR\n'))
        self.assertEqual(run("esr", "--line", "x", "210000000003139471430009017", "01-39139-1").returncode, 1)
        self.assertEqual(run("esr", "--line", "0.00", "210000000003139471430009017", "01-39139-1").returncode, 1)


def table(path):
    with open(os.path.join(SHARED, path), encoding="utf-8", newline="") as f:
        for row in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield row


def verdict(line):
    severities = {f["severity"] for f in line["findings"]}
    return "error" if "error" in severities else "warn" if severities else "ok", sorted(f["rule"] for f in line["findings"])


def wanted(verdict_word, rules):
    return verdict_word, sorted(entry.split()[0] for entry in rules.split(";") if entry.strip() != "-")


@unittest.skipUnless(os.path.isdir(SHARED), "the samples are not there")
class SharedSamples(unittest.TestCase):
    def test_every_payload_gets_its_verdict(self):
        rows = list(table("payloads/expected.tsv"))
        done = run("read", "--strict", *(os.path.join(SHARED, "payloads", row[0]) for row in rows))
        got = {os.path.basename(line["file"]): verdict(line) for line in lines_of(done)}
        self.assertEqual(got, {row[0]: wanted(row[1], row[2]) for row in rows})

    def test_every_valid_payload_is_written_again_as_it_was(self):
        names = [row[0] for row in table("payloads/expected.tsv") if row[1] == "ok"]
        done = run("read", "--strict", *(os.path.join(SHARED, "payloads", name) for name in names))
        bills = "".join(json.dumps(line["bill"]) + "\n" for line in lines_of(done)).encode()
        written = [line["payload"] for line in lines_of(run("payload", "--json", stdin=bills))]
        for name, text in zip(names, written, strict=True):
            with open(os.path.join(SHARED, "payloads", name), encoding="utf-8", newline="") as f:
                lines = f.read().replace("\r\n", "\n").split("\n")
            if lines[27] == "SCOR":
                lines[28] = lines[28].upper()  # banks ignore its case; we write capitals
            self.assertEqual(text, "\n".join(lines), name)

    def test_every_rendered_bill_in_a_format_we_read_gives_its_code(self):
        rows = [row for row in table("bills/expected.tsv") if row[0].endswith((".png", ".pdf"))]
        done = run("read", "--strict", *(os.path.join(SHARED, "bills", row[0]) for row in rows))
        got = {}
        for line in lines_of(done):
            got.setdefault(os.path.basename(line["file"]), []).append(verdict(line))
        self.assertEqual(got, {row[0]: [wanted(row[4], row[5])] if row[1] != "0" else [("error", ["R00"])] for row in rows})

    def test_every_reference_and_account(self):
        for path, kind in (("vectors/qr_reference.tsv", "QRR"), ("vectors/creditor_reference.tsv", "SCOR")):
            rows = list(table(path))
            for row, line in zip(rows, lines_of(run("reference", "--check", *(row[0] for row in rows))), strict=True):
                self.assertEqual(line["valid"], row[1] == "yes", row)
                self.assertEqual(line["reference"], row[0].replace(" ", "").upper().replace("Ä", "Ä"))
                if line["valid"]:
                    self.assertEqual(line["kind"], kind)
        rows = list(table("vectors/iban.tsv"))
        for row, line in zip(rows, lines_of(run("iban", *(row[0] for row in rows))), strict=True):
            self.assertEqual([line["valid"], line["usable"], line["qr_iban"]], [word == "yes" for word in row[1:4]], row)

    def test_every_billing_information(self):
        with open(os.path.join(SHARED, "vectors", "swico_s1.jsonl"), encoding="utf-8") as f:
            rows = [json.loads(line) for line in f]
        for row, line in zip(rows, lines_of(run("s1", *(row["text"] for row in rows))), strict=True):
            want = row["decoded"] and {k: v for k, v in row["decoded"].items() if k != "note"}
            self.assertEqual(line["fields"], want, row)


if __name__ == "__main__":
    unittest.main()
