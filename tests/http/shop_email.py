"""A buyer's other address from outside: asked for with the password, confirmed at the new one, told to the old one, stopped from there (recovery-cases 67, 68)."""
import unittest

from house import PASSWORD, HouseTest, at_once


class Email(HouseTest):
    def signed_in(self):
        address, browser = self.house.person()
        self.assertEqual(browser.sign_in(address).status, 303)
        return address, browser

    def asks(self, browser, new, password=PASSWORD):
        browser.get("/account/email")
        return browser.send("/account/email", email=new, old_password=password)

    def test_the_owner_moves_to_another_address(self):
        address, browser = self.signed_in()
        new = self.new_address("new")
        self.assertIn("/account/email", browser.get("/account").text)
        page = browser.follow(self.asks(browser, new))
        self.assertIn("sent a link to the new address", page.done)
        self.assertIn(new, page.words)
        confirm = self.house.mailbox.next(new)
        self.house.mailbox.next(address)
        self.assertNotIn("Rochat", confirm.text)
        self.assertNotIn(address, confirm.text)
        other = self.browser()  # on the phone
        page = other.open(confirm.link)
        self.assertNotIn("token", page.url if hasattr(page, "url") else "")
        self.assert_not_signs_in(new, PASSWORD)
        answer = other.send("/change-email")
        self.assertIn("confirmed", other.follow(answer).done)
        self.assert_signs_in(new, PASSWORD)
        self.assertFalse(browser.is_signed_in())  # signed out elsewhere

    def test_the_old_address_stops_it(self):
        address, browser = self.signed_in()
        new = self.new_address("stopped")
        self.asks(browser, new)
        confirm, keep = self.house.mailbox.next(new), self.house.mailbox.next(address)
        owner = self.browser()
        self.assertIn(address, owner.open(keep.link).words)
        self.assertIn("keeps its address", owner.follow(owner.send("/keep-email")).done)
        thief = self.browser()
        self.assertEqual(thief.open(confirm.link).status, 410)
        self.assert_signs_in(address, PASSWORD)

    def test_the_old_address_takes_it_back_afterwards(self):
        address, browser = self.signed_in()
        new = self.new_address("thief")
        self.asks(browser, new)
        confirm, keep = self.house.mailbox.next(new), self.house.mailbox.next(address)
        browser.open(confirm.link)
        browser.send("/change-email")
        self.assertTrue(browser.is_signed_in())
        owner = self.browser()
        owner.open(keep.link)
        self.assertEqual(owner.send("/keep-email").status, 303)
        self.assertFalse(browser.is_signed_in())
        self.assert_not_signs_in(new, PASSWORD)
        self.assert_not_signs_in(address, PASSWORD)
        owner.open(self.house.mailbox.next(address).link)
        self.assertEqual(owner.set_password("violet harbour 92 trombone").status, 303)
        self.assert_signs_in(address, "violet harbour 92 trombone")

    def test_what_is_wrong_stands_at_the_field(self):
        address, browser = self.signed_in()
        page = self.asks(browser, self.new_address("x"), password="wrong wrong wrong")
        self.assertEqual(page.status, 422)
        self.assertIn("old_password", page.errors)
        page = self.asks(browser, "a@example.org,b@example.org")
        self.assertIn("email", page.errors)
        self.assertEqual(self.house.mailbox.to(address), [])
        stranger = self.browser()
        self.assertEqual(stranger.get("/account/email").status, 303)

    def test_opening_is_not_using_and_a_form_without_its_token_does_nothing(self):
        address, browser = self.signed_in()
        new = self.new_address("scan")
        self.asks(browser, new)
        link = self.house.mailbox.next(new).link
        scanner = self.browser()
        for _ in range(3):
            scanner.open(link)
        self.assertEqual(scanner.post("/change-email", {"csrf": "x"}).status, 403)
        self.assert_signs_in(address, PASSWORD)
        scanner.open(link)
        where, pairs = scanner.fill("/change-email")
        self.assertEqual(scanner.post(where, [(n, "x" if n == "link" else v) for n, v in pairs]).status, 409)  # another link was opened
        answers = at_once(lambda _: scanner.post(where, pairs, is_kept=False).status, range(6))
        self.assertEqual(sorted(answers), [303] + [410] * 5)

    def test_dead_and_forged_links_are_refused_kindly(self):
        browser = self.browser()
        for path in ("/change-email", "/keep-email"):
            self.assertEqual(browser.get(path).status, 404)
            self.assertEqual(browser.get(path + "?token=" + "A" * 115).status, 404)
            self.assertEqual(browser.get(path + "?token=" + "A" * 5000).status, 404)

    def test_pages_speak_four_languages(self):
        _, browser = self.signed_in()
        for language, words in (("fr", "Changer d’adresse e-mail"), ("de", "E-Mail-Adresse ändern"), ("it", "Cambiare indirizzo e-mail")):
            self.assertIn(words, browser.get(f"/account/email?lang={language}").words)


if __name__ == "__main__":
    unittest.main()
