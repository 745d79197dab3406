"""From a paid order to a letter with a tracking link, from outside: the command, the box office, the mail, the buyer's pages; on the demonstration."""
import email
import email.policy
import glob
import json
import os
import re
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
