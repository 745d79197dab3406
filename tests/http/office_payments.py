"""Banks' files in the office: uploaded, reported line by line, and what fits nothing put on a bill by hand; on the demonstration's theatre, with real sales."""
import json
import os
import re
import unittest

from bank import IMPORT, amount_and_reference, bank_file, entry, pays
from desk import Desk
from house import until
from shop_sale import BUYER, Demonstration

class Payments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)
        email, cls.password, _ = cls.house.serving.said("sign-in office ").split()
        cls.house.hash = cls.house.data.one("SELECT password_hash FROM operator WHERE email = {}", email)

    @classmethod
    def tearDownClass(cls):
        out, _ = cls.house.run("audit")
        assert "differs" not in out, out

    def desk(self, profile="accountant", **more):
        return Desk(self.house, profile, password=self.password, **more)

    def sold(self, n=2):
        """An order on invoice of N standing places: its number, what it costs and the reference of its bill."""
        guest = self.house.browser(language="en")
        path = re.search(r'href="(/performances/\d+)[^"]*">Night by the Lake</a>', guest.get("/").text)[1]
        guest.get(path)
        guest.follow(guest.send("/basket", **{"places-standing-full": str(n)}))
        guest.get("/checkout")
        number = guest.send("/checkout", **BUYER).location.rsplit("/", 1)[1]
        return number, *amount_and_reference(self.house, number)

    def test_a_paid_bill_settles_its_order_and_releases_its_letter(self):
        number, amount, reference = self.sold()
        desk = self.desk()
        page = pays(desk, entry(number, amount, reference))
        self.assertIn(number, page.words)
        words = desk.get(f"/orders/{number}").words
        self.assertIn("Paid in full", words)
        self.assertIn("Sold", words)
        order = self.house.data.count("SELECT id FROM customer_order WHERE number = {}", int(number.replace("-", "")))
        self.assertEqual(self.house.data.count("SELECT count(*) FROM shipment WHERE customer_order = {} AND state = 'ready'", order), 1)

    def test_the_same_file_counts_once(self):
        number, amount, reference = self.sold()
        desk, file = self.desk(), bank_file("again", entry(number, amount, reference))
        desk.get("/payments")
        first = desk.send_file(IMPORT, "file", "camt.xml", file)
        desk.get("/payments")
        again = desk.send_file(IMPORT, "file", "again.xml", file)
        self.assertEqual((first.status, again.status), (303, 303))
        self.assertIn(f"CHF {amount}", desk.follow(again).words.replace("\u00a0", " "))
        self.assertEqual(self.house.data.count("SELECT count(*) FROM bill WHERE reference = {} AND paid = amount", reference), 1)

    def test_money_without_a_reference_is_put_on_a_bill_by_hand_with_a_reason(self):
        number, amount, _ = self.sold()
        desk = self.desk()
        pays(desk, entry("hand" + number, amount))
        row = re.findall(r'href="/office(/payments/\d+)"', desk.get("/payments").text)[-1]

        def assigns(bill, reason):
            return desk.post(row, {"csrf": desk.get(row).form("/office" + row)["fields"]["csrf"], "act": "assign", "bill": bill, "reason": reason}).status

        self.assertEqual(assigns("2026-99999", "on the phone"), 422, "there is no such bill")
        bill = re.search(r"(\d{4}-\d{5})", desk.get(f"/orders/{number}").words)[1]
        self.assertEqual(assigns(bill, ""), 422, "a reason is asked for")
        self.assertEqual(assigns(bill, "on the phone"), 303)
        self.assertIn("Paid in full", desk.get(f"/orders/{number}").words)

    def command(self, name, content, *more, status=0):
        """`parterre interface run payments import-payments`, beside the running office; its answer."""
        path = os.path.join(self.house.folder, name)
        with open(path, "wb") as f:
            f.write(content)
        out, err = self.house.run("interface", "run", "payments", "import-payments", "--file", path, "--json", *more, "--secret-dir", self.house.keys, status=status)
        return json.loads(out), err

    def test_the_command_imports_as_the_office_does_and_a_repeated_file_does_nothing(self):
        number, amount, reference = self.sold()
        file = bank_file("command", entry("c1" + number, amount, reference), entry("c2" + number, "12.00"), entry("c3" + number, "13.00", "210000000003139471430009017"))
        first, _ = self.command("command.xml", file)
        self.assertEqual({k: first[k] for k in ("file", "lines", "applied", "repeated", "mails", "outcomes")},
                         {"file": "command.xml", "lines": 3, "applied": 1, "repeated": 0, "mails": 0, "outcomes": {"paid": 1, "no-reference": 1, "unknown-reference": 1}})
        self.assertEqual([r["line"] for r in first["refused"]], [2, 3])
        self.assertTrue(all(r["why"] for r in first["refused"]))
        self.assertIn("Paid in full", self.desk().get(f"/orders/{number}").words)
        again, _ = self.command("again.xml", file)
        self.assertEqual((again["lines"], again["applied"], again["repeated"], again["refused"], again["outcomes"]), (3, 0, 3, [], {"already-imported": 3}))
        self.assertEqual(self.desk().get(f"/payments/imports/{again['import']}").status, 200)

    def test_the_command_refuses_a_file_as_a_whole_with_words(self):
        refused, err = self.command("letter.xml", b"<html>not a bank's file</html>", status=1)
        self.assertTrue(refused["error"])
        self.assertEqual(len(err.strip().splitlines()), 1, err)
        _, err = self.house.run("interface", "run", "payments", "import-payments", "--json", "--secret-dir", self.house.keys, status=1)
        self.assertIn("file", err)
        _, err = self.house.run("interface", "run", "payments", "export-colour-tickets", "--secret-dir", self.house.keys, status=1)
        self.assertIn("export-colour-tickets", err)
        _, err = self.house.run("interface", "run", "swiss-post", "import-payments", "--secret-dir", self.house.keys, status=1)
        self.assertIn("import-payments", err)

    def test_the_payment_integration_is_an_interface_like_others(self):
        self.assertRegex(self.house.run("interface", "list", "--secret-dir", self.house.keys)[0], r"(?m)^payments +payments +on ")
        number, amount, reference = self.sold()
        desk = self.desk()
        self.assertIn('href="/office/interfaces/payments"', desk.get("/interfaces").text)
        self.assertEqual(desk.get("/interfaces/payments").status, 200)
        answer = desk.send_file("/interfaces/payments/import-payments", "file", "camt.xml", bank_file("door", entry("door" + number, amount, reference)))
        self.assertEqual(answer.status, 303)
        self.assertIn(number, desk.follow(answer).words)
        self.assertEqual(self.desk("box-office").get("/interfaces/payments").status, 403)

    def test_a_file_put_into_the_watched_folder_is_imported_by_itself(self):
        number, amount, reference = self.sold()
        folder = os.path.join(self.house.folder, "from the bank")
        desk = self.desk("administrator")
        self.assertEqual(self.desk().get("/interfaces/payments/folder").status, 403)  # an accountant does not choose where the program moves files

        def sets(path):
            desk.get("/interfaces/payments/folder")
            return desk.send("/interfaces/payments/folder", folder=path)

        self.assertIn("There is no folder", sets(folder).alert)
        self.assertIn("holds other files", sets(self.house.folder).alert)
        os.makedirs(folder)
        answer = sets(folder + "/")
        self.assertEqual(answer.status, 303, answer.text)
        page = desk.follow(answer)
        self.assertIn(folder, page.words)
        self.assertIn("Files are fetched", page.words)
        self.drops(folder, "camt.xml", bank_file("folder", entry("folder" + number, amount, reference)))
        until(lambda: os.path.exists(os.path.join(folder, "done", "camt.xml")), "the file in done/")
        until(lambda: "Paid in full" in self.desk().get(f"/orders/{number}").words, "the order")
        self.drops(folder, "letter.xml", b"<html>not a bank's file</html>")
        until(lambda: os.path.exists(os.path.join(folder, "refused", "letter.xml")), "the file in refused/")
        page = self.desk().get("/payments")
        self.assertIn("letter.xml", page.words)
        self.assertFalse('href="/office/interfaces/payments/folder"' in page.text)
        self.assertEqual(sets("").status, 303)
        self.assertIn("No folder is watched", desk.get("/payments").words)

    @staticmethod
    def drops(folder, name, content):
        with open(os.path.join(folder, name + ".part"), "wb") as f:
            f.write(content)
        os.rename(f.name, os.path.join(folder, name))

    def test_a_bill_is_proposed_by_what_the_payer_wrote_or_who_he_is_and_never_by_the_amount(self):
        number, amount, _ = self.sold()
        other, _, _ = self.sold()
        desk = self.desk()

        def proposed(key, entry_of):
            report = pays(desk, entry_of)
            line = self.house.data.count("SELECT max(import_line) FROM payment_case WHERE state = 'open'")
            self.assertEqual(report.status, 200)
            return desk.get(f"/payments/{line}").words

        words = proposed("named", entry("named" + number, "1.00").replace("Tickets, thank you", f"For order {number}, thanks"))
        self.assertIn("The payer wrote its number", words)
        self.assertIn(number, words)
        self.assertNotIn(other, words)
        payer = "<RltdPties><Dbtr><Pty><Nm>Jeanne Rochat</Nm></Pty></Dbtr></RltdPties><RmtInf>"
        self.assertIn("Made out to the payer", proposed("payer", entry("payer" + number, "2.00").replace("<RmtInf>", payer)))
        self.assertNotIn("Bills that it may be meant for", proposed("amount", entry("amount" + number, amount)))

    def test_what_is_no_bank_file_is_refused_with_words(self):
        desk = self.desk()
        desk.get("/payments")
        answer = desk.send_file(IMPORT, "file", "letter.xml", b"<html>not a bank's file</html>")
        self.assertEqual(answer.status, 422)
        self.assertIn("file", answer.errors)

    def test_who_may_not_is_refused(self):
        self.assertEqual(self.desk("box-office").get("/payments").status, 403)
        reader = self.desk("auditor")
        page = reader.get("/payments")
        self.assertEqual(page.status, 200)
        self.assertFalse(page.has_form("/office" + IMPORT))


if __name__ == "__main__":
    unittest.main()
