"""Administrative values in the office: checked at each field, and a test bill that the program reads back."""
import unittest

from desk import Desk
from house import HouseTest

PATH = "/institution/administrative-values"
QR_IBAN, IBAN = "CH44 3199 9123 0008 8901 2", "CH58 0079 1123 0008 8901 2"
WHOLE = {"creditor_name": "Théâtre du Lac", "creditor_street": "Quai du Lac", "creditor_house_number": "1", "creditor_postcode": "1006", "creditor_town": "Lausanne",
         "creditor_country": "CH", "reference": "qrr", "slip": "qr"}


class Administrative(HouseTest):
    def setUp(self):
        self.house.data.rows("DELETE FROM administrative_value")
        self.desk = Desk(self.house, "administrator")

    def save(self, **fields):
        self.desk.get(PATH)
        return self.desk.send(PATH, **{**WHOLE, **fields})

    def test_a_new_house_is_told_what_its_bills_still_need(self):
        page = self.desk.get(PATH)
        self.assertEqual((page.status, page.heading), (200, "Administrative values"))
        self.assertIn("Bills can’t be issued yet.", page.words)
        self.assertIn("#qr_iban", page.reader.links)
        self.assertIn("#creditor_town", page.reader.links)
        self.assertEqual(page.form("/office" + PATH)["fields"]["days_to_pay"], "30")
        self.assertEqual(self.desk.get(PATH + "/bill.svg").status, 404)

    def test_with_a_qr_iban_a_test_bill_is_drawn_and_read_back(self):
        page = self.desk.follow(self.save(qr_iban=QR_IBAN.replace(" ", "").lower(), bank_prefix="310142", vat_number="CHE109322551 TVA"))
        self.assertEqual(page.done, "Saved.")
        self.assertNotIn("can’t be issued yet", page.words)
        self.assertIn("Read back from the picture: everything as it was written.", page.words)
        self.assertIn("CH44 3199 9123 0008 8901 2", page.words)
        self.assertIn("31 01420", page.words, "the reference begins with the bank's customer number")
        self.assertIn("QR institution number (QR-IID): 31999", page.words)
        self.assertIn("CHE-109.322.551", page.form("/office" + PATH)["fields"]["vat_number"])
        bill = self.desk.get(PATH + "/bill.svg")
        self.assertEqual((bill.status, bill.header("Content-Type")), (200, "image/svg+xml"))
        self.assertIn(b"CH44 3199 9123 0008 8901 2", bill.body)

    def test_with_an_iban_it_carries_a_creditor_reference_or_none(self):
        page = self.desk.follow(self.save(iban=IBAN, reference="scor"))
        self.assertIn("everything as it was written", page.words)
        self.assertRegex(page.words, r"Reference RF\d\d")
        page = self.desk.follow(self.save(iban=IBAN, reference="none"))
        self.assertIn("everything as it was written", page.words)
        self.assertNotRegex(page.words, r"Reference RF\d\d")

    def test_what_is_wrong_is_said_at_its_field_and_stays_as_typed(self):
        answer = self.save(qr_iban=IBAN, iban=QR_IBAN, bank_prefix="A1", postal_account="01-39139-2", vat_number="CHE-1", creditor_town="<i>" * 20, days_to_pay="soon",
                           grace_days="999", qr_since="2026-02-31")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"qr_since"}), "a day that is none comes first")
        answer = self.save(qr_iban=IBAN, iban=QR_IBAN, bank_prefix="A1", postal_account="01-39139-2", vat_number="CHE-1", creditor_town="<i>" * 20, days_to_pay="soon", grace_days="999")
        self.assertEqual(set(answer.errors), {"qr_iban", "iban", "bank_prefix", "postal_account", "vat_number", "creditor_town", "days_to_pay", "grace_days"})
        self.assertNotIn("<i>", answer.text)
        self.assertEqual(answer.form("/office" + PATH)["fields"]["postal_account"], "01-39139-2")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM administrative_value"), 0)

    def test_two_who_edit_do_not_overwrite_each_other(self):
        self.assertEqual(self.save(qr_iban=QR_IBAN).status, 303)
        other = Desk(self.house, "administrator")
        other.get(PATH)
        theirs = other.fill(PATH, **WHOLE, days_to_pay="10")
        self.assertEqual(self.save(qr_iban=QR_IBAN, days_to_pay="20").status, 303)
        answer = other.post(*theirs)
        self.assertEqual(answer.status, 409)
        self.assertIn("Somebody else saved this meanwhile", answer.alert)

    def test_an_accountant_reads_them_and_an_administrator_alone_changes_them(self):
        accountant = Desk(self.house, "accountant")
        page = accountant.get(PATH)
        self.assertEqual(page.status, 200)
        self.assertNotIn('class="main"', page.text)
        token = page.form("/office" + PATH)["fields"]["csrf"]
        self.assertEqual(accountant.post(PATH, {"csrf": token, **WHOLE}).status, 403)
        self.assertEqual(Desk(self.house, "box-office").get(PATH).status, 403)


if __name__ == "__main__":
    unittest.main()
