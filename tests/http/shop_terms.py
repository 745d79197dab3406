"""The terms of sale: a draft of ours until the house writes its own, in each language, linked from the checkout."""
# engines: sqlite postgresql
import html
import re
import unittest

from desk import Desk
from house import HouseTest

PATH = "/organisation/points-of-sale"


class Terms(HouseTest):
    def setUp(self):
        self.shop = self.house.data.one("SELECT id FROM point_of_sale WHERE code = 'shop'")
        self.path = f"{PATH}/{self.shop}/terms"
        self.house.data.rows("DELETE FROM sale_terms RETURNING 1")
        self.desk = Desk(self.house, "administrator")

    def saves(self, **words):
        page = self.desk.get(self.path)
        stand = re.findall(r'<textarea[^>]* name="(terms-..)"[^>]*>(.*?)</textarea>', page.text, re.S)
        self.assertEqual(len(stand), 4)
        token = page.form("/office" + self.path)["fields"]["csrf"]
        return self.desk.post(self.path, {"csrf": token, **{name: html.unescape(text) for name, text in stand}, **{f"terms-{language}": text for language, text in words.items()}})

    def test_a_draft_of_ours_is_shown_until_the_house_writes_its_own(self):
        page = self.browser(language="de").get("/terms")
        self.assertEqual(page.status, 200)
        self.assertIn("Entwurf", page.words)
        self.assertIn("Billette werden nicht zurückgenommen", page.words)
        self.assertEqual(self.saves(de="# Unsere Regeln\n\nSeien Sie pünktlich.\nSehr pünktlich.\n\nUnd <b>leise</b>.").status, 303)
        page = self.browser(language="de").get("/terms")
        self.assertNotIn("Entwurf", page.words)
        self.assertRegex(page.text, r"<h3>Unsere Regeln</h3>\s*<p>Seien Sie pünktlich.\s+Sehr pünktlich.</p>\s*<p>Und &lt;b&gt;leise&lt;/b&gt;.</p>")
        self.assertIn("pünktlich", self.browser(language="it").get("/terms").words)  # none in Italian: the house's, not a draft beside it

    def test_a_draft_that_is_saved_unchanged_stays_a_draft(self):
        self.assertEqual(self.saves().status, 303)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM sale_terms"), 0)
        self.saves(en="Be kind.")
        self.assertEqual(self.house.data.one("SELECT words FROM sale_terms"), "Be kind.")
        self.saves(en="")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM sale_terms"), 0)
        self.assertIn("Changed the terms of sale", self.desk.get("/audit").words)

    def test_words_that_are_too_many_are_refused_with_the_form_as_it_was(self):
        answer = self.saves(en="x" * 20001)
        self.assertEqual(answer.status, 422)
        self.assertIn("terms-en", answer.errors)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM sale_terms"), 0)
        self.assertEqual(self.saves(**dict.fromkeys(("en", "fr", "de", "it"), "é" * 20000)).status, 303)

    def test_only_who_may_write_the_shop_changes_them(self):
        reader = Desk(self.house, "auditor")
        page = reader.get(self.path)
        self.assertEqual(page.status, 200)
        self.assertFalse(re.search(r'<button type="submit" class="main"', page.text))
        self.assertEqual(reader.post(self.path, {"csrf": "x", "terms-en": "Mine."}).status, 403)
        self.assertEqual(Desk(self.house, "box-office").get(self.path).status, 403)
        other = self.house.data.one("INSERT INTO organisation (institution, code, name) VALUES ((SELECT min(id) FROM institution), 'circus', 'Circus') RETURNING id")
        desk = Desk(self.house, "manager", organisation=int(other))
        self.assertEqual(desk.get(self.path).status, 404)


if __name__ == "__main__":
    unittest.main()
