"""From a paid order to a letter with a tracking link, from outside: the command, the box office, the mail, the buyer's pages; on the demonstration."""
import email
import email.policy
import glob
import json
import os
import random
import re
import subprocess
import unittest

from bank import amount_and_reference, entry, pays
from desk import Desk
from house import until
from shop_sale import BUYER, Demonstration


class Shipping(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)
        address, cls.password, _ = cls.house.serving.said("sign-in office ").split()
        cls.house.hash = cls.house.data.one("SELECT password_hash FROM operator WHERE email = {}", address)

    @classmethod
    def tearDownClass(cls):
        out, _ = cls.house.run("audit")
        assert "differs" not in out, out

    def desk(self, profile="manager"):
        return Desk(self.house, profile, password=self.password)

    def paid(self, address, n=2):
        """An order of N places by post, paid by a bank's file; its number and its buyer's browser."""
        guest = self.house.browser(language="en")
        path = re.search(r'href="(/performances/\d+)[^"]*">Night by the Lake</a>', guest.get("/").text)[1]
        guest.get(path)
        guest.follow(guest.send("/basket", **{"places-standing-full": str(n)}))
        guest.get("/checkout")
        answer = guest.send("/checkout", **{**BUYER, "email": address})
        self.assertEqual(answer.status, 303, answer.text)
        number = answer.location.rsplit("/", 1)[1]
        pays(self.desk("accountant"), entry(number, *amount_and_reference(self.house, number)))
        return number, guest

    def command(self, *words, status=0):
        out, _ = self.house.run("interface", "run", "colora", *words, "--json", "--secret-dir", self.house.keys, status=status)
        return json.loads(out)

    def mails_to(self, address):
        found = []
        for path in sorted(glob.glob(os.path.join(self.house.folder, "mail", "*.eml"))):
            with open(path, "rb") as f:
                mail = email.message_from_binary_file(f, policy=email.policy.default)
            if address in str(mail["To"]) and "post" in mail["Subject"]:
                found.append(mail)
        return found

    def test_the_story_from_export_to_the_buyers_page(self):
        with_number, guest = self.paid("with.number@example.org")
        without, _ = self.paid("without@example.org", 1)
        folder = os.path.join(self.house.folder, "out")
        os.makedirs(folder, exist_ok=True)
        made = self.command("export-colour-tickets", "--out", folder)
        self.assertEqual((made["lines"], made["shipments"], len(made["files"])), (3, 2, 3))
        with open(os.path.join(folder, made["files"][0]), encoding="utf-8-sig", newline="") as f:
            rows = [line.strip('"').split('";"') for line in f.read().split("\r\n")[:-1]]
        of = {name: i for i, name in enumerate(rows[0])}
        status = os.path.join(folder, "status.csv")
        with open(status, "w") as f:
            f.write("BAR_CODE;STATE;TRACKING_NUMBER\n")
            for row in rows[1:]:
                f.write(f"{row[of['BAR_CODE']]};POSTED;{'98.34.123456.12345678' if row[of['FILE_NUMBER']] == with_number else ''}\n")
        told = self.command("import-printing-status", "--file", status, "--send-mails")
        self.assertEqual((told["lines"], told["applied"], told["refused"], told["mails"]), (3, 3, [], 2))
        again = self.command("import-printing-status", "--file", status, "--send-mails")
        self.assertEqual((again["applied"], again["repeated"], again["mails"]), (0, 3, 0))
        self.assertIsNone(self.command("export-colour-tickets")["batch"])
        mail = until(lambda: self.mails_to("with.number@example.org"), "the mail")[0]
        words = mail.get_body(("plain",)).get_content()
        self.assertIn("98.34.123456.12345678", words)
        other = until(lambda: self.mails_to("without@example.org"), "the other mail")[0].get_body(("plain",)).get_content()
        self.assertNotIn("Number", other)
        page = guest.get(f"/orders/{with_number}").text
        self.assertIn("98.34.123456.12345678", page)
        self.assertIn('href="https://service.post.ch/ekp-web/ui/entry/search/983412345612345678?lang=en"', page)
        # By the mail's link, without an account.
        link = re.search(r"https?://\S+(/follow\?token=\S+)", words)[1]
        stranger = self.house.browser(language="en")
        seen = stranger.follow(stranger.get(link))
        self.assertEqual((seen.status, seen.path), (200, "/follow"))
        self.assertIn("98.34.123456.12345678", seen.text)
        self.assertEqual(stranger.get(f"/orders/{with_number}").status, 404)  # the shipment alone
        broken = link[:-1] + ("A" if link[-1] != "A" else "B")
        self.assertEqual(self.house.browser(language="en").get(broken).status, 404)
        # By number and address; wrong pairs get one answer.
        asker = self.house.browser(language="en")
        asker.get("/follow")
        wrong = [asker.send("/follow", asker.get("/follow"), order=number, email=address) for number, address in
                 ((with_number, "somebody@example.org"), ("10001-7", "with.number@example.org"), ("x", "x"), (without, "with.number@example.org"))]
        self.assertEqual([(p.status, p.alert) for p in wrong], [(422, wrong[0].alert)] * 4)
        right = asker.follow(asker.send("/follow", asker.get("/follow"), order=with_number, email="With.Number@example.org"))
        self.assertEqual(right.status, 200)
        self.assertIn("98.34.123456.12345678", right.text)

    def test_the_box_office_does_the_same_with_preview_and_report(self):
        number, _ = self.paid("desk@example.org", 3)
        desk = self.desk()
        desk.get("/interfaces/colora")
        answer = desk.send("/interfaces/colora/export-colour-tickets")
        self.assertEqual(answer.status, 303, answer.text)
        batch = desk.follow(answer)
        self.assertEqual(batch.status, 200)
        name = answer.location.rsplit("/", 1)[1]
        file = desk.get(f"/batches/{name}/tickets")
        self.assertEqual((file.status, desk.get(f"/batches/{name}/tickets").body), (200, file.body))
        self.assertEqual(self.house.data.count("SELECT count(*) FROM file_download d JOIN print_batch b ON b.tickets_file = d.stored_file WHERE b.number = {}",
                                               int(re.sub(r"\D", "", name))), 2)
        desk.get("/interfaces/colora")
        preview = desk.follow(desk.send_file("/interfaces/colora/import-printing-status", "file", "status.csv", file.body + b'"x"\r\n'))
        self.assertEqual(preview.status, 200, preview.text)
        self.assertIn("3 lines", preview.text)
        where = preview.path
        report = desk.follow(desk.send(where + "/apply", preview, send_mails="yes"))
        self.assertEqual(report.status, 200)
        until(lambda: "1 mail was sent" in desk.get(where).text, "the import's end")
        shipment = re.search(r'/office/shipments/(S-\d+-\d)', desk.get(f"/batches/{name}").text)[1]
        self.assertIn("Posted", desk.get(f"/shipments/{shipment}").text)
        self.assertIn(shipment, desk.get("/shipments?state=sent").text)
        refused = desk.send_file("/interfaces/colora/import-printing-status", "file", "status.xlsx", b"PK\x03\x04", desk.get("/interfaces/colora"))
        self.assertEqual(refused.status, 422)
        self.assertIn("This is an Excel workbook. Save it as CSV UTF-8.", refused.text)
        reader = self.desk("auditor")
        for path in ("/interfaces", "/interfaces/colora", f"/batches/{name}", where, f"/shipments/{shipment}", "/shipments"):
            self.assertEqual(reader.get(path).status, 200, path)
        self.assertEqual(reader.get(f"/batches/{name}/tickets").status, 403)  # barcodes are money
        self.assertFalse(reader.get("/interfaces/colora").has_form("/office/interfaces/colora/import-printing-status"))

    def test_interfaces_are_made_changed_and_switched_off_with_the_links_example(self):
        desk = self.desk()
        desk.get("/interfaces/new?kind=partner")
        said = dict(code="planzer", name="Planzer", is_active="yes", number_form="own", pattern="##-@@", lost_days="5", host="", language_de="de")
        for form, words in (("javascript:alert({tracking_number})", "begins with https://"), ("https://x.example.org/{number}", "{number}"), ("https://x.example.org/", "no place for the number")):
            refused = desk.send("/interfaces/new", desk.get("/interfaces/new?kind=partner"), **said, link_form=form)
            self.assertEqual(refused.status, 422)
            self.assertIn(words, refused.words)
        good = "https://track.example.org/{language}?n={tracking_number}"
        where, pairs = desk.fill("/interfaces/new", desk.get("/interfaces/new?kind=partner"), **said, language_en="en", link_form=good)
        checked = desk.post(where, [*pairs, ("do", "check")])
        self.assertEqual(checked.status, 200)  # nothing made, the example shown: the way without JavaScript
        self.assertIn('href="https://track.example.org/en?n=77-KK"', checked.text)
        self.assertEqual(desk.get("/interfaces/planzer").status, 404)
        fragment = desk.get("/interfaces/new/example?number_form=swiss-post&language_en=en&link_form=" + "https%3A%2F%2Fp.example.org%2F%7Btracking_number_plain%7D")
        self.assertIn("https://p.example.org/983412345612345678", fragment.text)
        made = desk.send("/interfaces/new", desk.get("/interfaces/new?kind=partner"), **said, link_form=good)
        self.assertEqual((made.status, made.location), (303, "/office/interfaces/planzer/edit?done=saved"), made.text)
        page = desk.follow(made)
        self.assertIn("##-@@", page.text)
        twice = desk.send("/interfaces/new", desk.get("/interfaces/new?kind=partner"), **said, link_form=good)
        self.assertIn("Another interface has this code", twice.words)
        printer = desk.send("/interfaces/new", desk.get("/interfaces/new?kind=printer"), code="print-house", name="Print House", is_active="yes", return_days="3", keep_days="0", partner="0")
        self.assertEqual(printer.status, 422)
        self.assertIn("number of days", printer.words)
        printer = desk.send("/interfaces/new", printer, code="print-house", name="Print House", return_days="3", keep_days="10", partner="0")
        self.assertEqual(printer.status, 303, printer.text)
        where, pairs = desk.fill("/interfaces/print-house/edit", desk.get("/interfaces/print-house/edit"), name="Printing House", return_days="4")
        self.assertEqual(desk.post(where, [pair for pair in pairs if pair[0] != "is_active"]).status, 303)
        off = desk.get("/interfaces/print-house")
        self.assertIn("Printing House", off.text)
        self.assertIn("Off, nothing is exported", off.text)
        reader = self.desk("auditor")
        self.assertEqual(reader.get("/interfaces/planzer/edit").status, 200)
        self.assertEqual(reader.get("/interfaces/new").status, 403)
        self.assertEqual(self.desk("box-office").get("/interfaces/new").status, 403)

    def test_a_letters_number_and_address_are_put_right_by_hand(self):
        number, _ = self.paid("by.hand@example.org", 2)
        desk = self.desk()
        shipment = re.search(r"S-\d+-\d", desk.get("/shipments?state=ready").text)[0]
        there = f"/shipments/{shipment}"
        page = desk.get(there)
        self.assertIn(number, page.text)
        desk.get(there + "/address")
        empty = desk.send(there + "/address", street="")
        self.assertEqual(empty.status, 422)
        self.assertEqual(desk.send(there + "/address", empty, street="Quai Osterwald").status, 303)
        self.assertIn("Quai Osterwald", desk.get(there).text)
        wrong = desk.send(there + "/pieces/1", desk.get(there), tracking_number="12")
        self.assertEqual(wrong.status, 422)
        self.assertIn("does not look like a number of this carrier", wrong.words)
        self.assertEqual(desk.send(there + "/pieces/1", wrong, tracking_number="98 34 123456 00000077").status, 303)
        self.assertIn("98.34.123456.00000077", desk.get(there).text)
        _, pairs = desk.fill(there + "/pieces/1", desk.get(there))
        self.assertEqual(desk.post(desk.whole(there + "/pieces/2"), pairs).status, 404)
        desk.get("/interfaces/colora")
        self.assertEqual(desk.send("/interfaces/colora/export-colour-tickets").status, 303)
        late = desk.send(there + "/address", desk.get(there + "/address"), street="Rue du Musée")
        self.assertEqual(late.status, 409)
        self.assertIn("Withdraw the lines first", late.words)

    def killed(self, *words):
        """The command, killed with -9 at some moment, unless it was through before."""
        running = subprocess.Popen([os.environ["PARTERRE_BINARY"], "interface", "run", "colora", *words, "--json", "--database", self.house.data.url, "--secret-dir", self.house.keys],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(self.moments.uniform(0.05, 1.0))
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()

    def test_19_exports_and_imports_that_are_killed_lose_nothing_and_tell_nobody_twice(self):
        self.moments = random.Random(19)
        for i in range(4):
            self.paid(f"killed{i}@example.org", 15)
        tickets = "SELECT count(*) FROM ticket t JOIN customer_order o ON o.id = t.customer_order WHERE o.email LIKE 'killed%'"
        lines = ("SELECT {} FROM print_line l JOIN print_batch b ON b.id = l.batch JOIN ticket t ON t.id = l.ticket JOIN customer_order o ON o.id = t.customer_order"
                 " WHERE o.email LIKE 'killed%'")
        for _ in range(6):
            self.killed("export-colour-tickets")
            self.house.run("audit")
        self.house.data.rows("UPDATE print_batch SET touched_at = 1 WHERE state = 'making'")  # five minutes later
        while self.command("export-colour-tickets")["batch"]:
            pass
        self.assertEqual(self.house.data.count(lines.format("count(*)") + " AND b.state <> 'making'"), self.house.data.count(tickets))
        codes = [row[0] for row in self.house.data.rows(lines.format("l.barcode"))]
        status = os.path.join(self.house.folder, "killed.csv")
        with open(status, "w") as f:
            f.write("BAR_CODE;STATE\n" + "".join(f"{code};POSTED\n" for code in codes))
        for _ in range(6):
            self.killed("import-printing-status", "--file", status, "--send-mails")
        self.command("import-printing-status", "--file", status, "--send-mails")
        until(lambda: not self.house.data.count("SELECT count(*) FROM status_import WHERE state IN ('applying', 'sending')"), "the import's end")
        self.assertEqual(self.house.data.count(tickets + " AND t.state = 'printed' AND t.prints = 1"), len(codes))
        self.assertEqual(self.house.data.count("SELECT count(*) FROM outbox_message WHERE class = 'follow-shipment' AND recipient LIKE 'killed%'"), 4)
        self.assertNotIn("differs", self.house.run("audit")[0])

    def test_35_another_buyer_gets_404_for_the_order_and_its_shipment(self):
        number, guest = self.paid("case35@example.org", 1)
        other = self.house.browser(language="en")
        self.assertEqual(other.sign_in(*self.house.shopper[:2]).status, 303)
        self.assertEqual(guest.get(f"/orders/{number}").status, 200)
        self.assertEqual(other.get(f"/orders/{number}").status, 404)
        self.assertNotIn("case35", other.get("/follow").text)

    def test_another_houses_things_are_not_there(self):
        desk = self.desk()
        for path in ("/interfaces/nobody", "/batches/B-99-9", "/batches/x", "/imports/999999", "/shipments/S-77777-7", "/shipments/x", "/batches/B-1001-2/else"):
            self.assertEqual(desk.get(path).status, 404, path)

    def test_what_cannot_be_run_says_so(self):
        self.assertIn("error", self.command("import-printing-status", status=1))
        self.assertIn("error", self.command("nonsense", status=1))
        self.assertIn("colora", self.house.run("interface", "list", "--secret-dir", self.house.keys)[0])


if __name__ == "__main__":
    unittest.main()
