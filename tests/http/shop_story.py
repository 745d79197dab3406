"""What a buyer does in the shop, from registering to recovering a forgotten password, in four languages."""
import re
import unittest

from house import NAME, OTHER_PASSWORD, PASSWORD, THIRD_PASSWORD, HouseTest

FORGOT_DONE = ("Your request has been registered. You will receive an e-mail including a link that will allow you to reset the password. "
               "If you don't receive the email, it means your account has not been created. Please repeat your request.")
RESET_DONE = "Your password has been changed successfully."


class Registering(HouseTest):
    def test_who_registers_confirms_by_a_button_and_is_signed_in(self):
        buyer, address = self.browser(), self.new_address()
        page = buyer.register(address)
        self.assertEqual((page.status, page.path), (200, "/register?sent=1"))
        self.assertIn("We have sent you an e-mail.", page.done)
        mail = self.house.mailbox.next(address)
        self.assertTrue(mail.link.startswith("https://tickets.example.org/confirm-email?token="), mail.link)
        page = buyer.open(mail.link)
        self.assertEqual((page.status, page.path), (200, "/confirm-email"))
        self.assertNotIn("password", page.form("/confirm-email")["fields"], "the browser that registered is known")
        self.assertFalse(buyer.is_signed_in(), "opening changes nothing")
        answer = buyer.send("/confirm-email")
        self.assertEqual((answer.status, answer.location), (303, "/account?done=confirmed"))
        page = buyer.follow(answer)
        self.assertEqual((page.status, page.heading), (200, "Jeanne Rochat"))
        self.assertEqual(page.done, "Your e-mail address is confirmed. Welcome.")
        self.assertIn(address, page.words)

    def test_in_another_browser_the_password_confirms(self):
        address = self.new_address()
        self.browser().register(address)
        mail, phone = self.house.mailbox.next(address), self.browser()
        page = phone.open(mail.link)
        self.assertIn("password", page.form("/confirm-email")["fields"])
        page = phone.send("/confirm-email", password=OTHER_PASSWORD)
        self.assertEqual(page.status, 422)
        self.assertEqual(page.errors, {"password": "This is not the password chosen at registration."})
        self.assert_not_signs_in(address, PASSWORD)
        answer = phone.send("/confirm-email", password=PASSWORD)
        self.assertEqual(answer.status, 303)
        self.assertEqual(phone.follow(answer).heading, "Jeanne Rochat")

    def test_an_unconfirmed_account_cannot_sign_in(self):
        address = self.new_address()
        self.browser().register(address)
        self.house.mailbox.next(address)
        self.assert_not_signs_in(address, PASSWORD)

    def test_a_confirmation_opened_again_leads_to_sign_in(self):
        buyer, address = self.browser(), self.new_address()
        buyer.register(address)
        mail = self.house.mailbox.next(address)
        buyer.open(mail.link)
        buyer.send("/confirm-email")
        page = self.browser().open(mail.link)
        self.assertEqual((page.status, page.heading), (200, "Sign In"))
        self.assertEqual(page.done, "Your e-mail address has been confirmed already. Please sign in.")

    def test_where_one_was_heading_survives_registration(self):
        buyer, address = self.browser(), self.new_address()
        page = buyer.open("/account/profile")
        self.assertEqual(page.form("/signin")["fields"]["next"], "/account/profile")
        there = next(a for a in page.reader.links if a.startswith("/register"))
        buyer.register(address, query=there.removeprefix("/register"))
        buyer.open(self.house.mailbox.next(address).link)
        self.assertEqual(buyer.send("/confirm-email").location, "/account/profile")

    def test_what_is_missing_or_wrong_is_said_at_each_field_and_passwords_are_not_sent_back(self):
        buyer = self.browser()
        buyer.open("/register")
        page = buyer.send("/register", first_name="", last_name="Rochat", email="nobody", password="short-one-7", password_again="other")
        self.assertEqual(page.status, 422)
        self.assertEqual(set(page.errors), {"first_name", "email", "password", "password_again"})
        self.assertTrue(page.alert.startswith("Your account has not been made yet"))
        self.assertTrue(page.title.startswith("Error: "))
        fields = page.form("/register")["fields"]
        self.assertEqual((fields["last_name"], fields["email"]), ("Rochat", "nobody"), "what was typed stays")
        self.assertEqual((fields["password"], fields["password_again"]), ("", ""))


class Recovering(HouseTest):
    def test_the_whole_walk_of_somebody_who_forgot_the_password(self):
        address, buyer = self.house.person()
        page = buyer.open("/")
        page = buyer.open(next(a for a in page.reader.links if a.startswith("/signin")))
        self.assertIn("FORGOTTEN YOUR PASSWORD?", page.words)
        page = buyer.open(next(a for a in page.reader.links if a.startswith("/forgot-password")))
        self.assertIn("RESET PASSWORD", page.words)
        page = buyer.follow(buyer.send("/forgot-password", email=f"  {address.upper()} "))
        self.assertEqual((page.status, page.done), (200, FORGOT_DONE))
        mail = self.house.mailbox.next(address)
        self.assertEqual((mail.to, mail.sender.addr_spec, mail.sender.display_name), (address, "tickets@example.org", NAME))
        self.assertIn(NAME, mail.text)
        self.assertIn("48", mail.text)
        self.assertIn(address, mail.text)

        answer = buyer.get(mail.link.removeprefix("https://tickets.example.org"))
        self.assertEqual((answer.status, answer.location), (303, "/reset-password"), "the token leaves the address bar at once")
        page = buyer.follow(answer)
        self.assertEqual((page.status, page.heading), (200, "Reset password"))
        self.assertNotIn(mail.token, page.text)
        self.assertIn("…@example.org", page.words, "whose account it is")
        answer = buyer.set_password(OTHER_PASSWORD)
        self.assertEqual((answer.status, answer.location), (303, "/account?done=password-changed"))
        page = buyer.follow(answer)
        self.assertEqual((page.status, page.path, page.heading), (200, "/account?done=password-changed", "Jeanne Rochat"))
        self.assertEqual(page.done, RESET_DONE)

        told = self.house.mailbox.next(address)
        self.assertIsNone(told.link)
        self.assertNotEqual(told.subject, mail.subject)
        self.assert_signs_in(address, OTHER_PASSWORD)
        self.assert_not_signs_in(address, PASSWORD)

    def test_where_one_was_heading_survives_the_mail(self):
        address, buyer = self.house.person()
        page = buyer.open("/account/profile")
        self.assertEqual(page.path, "/signin?next=%2Faccount%2Fprofile")
        page = buyer.open(next(a for a in page.reader.links if a.startswith("/forgot-password")))
        buyer.follow(buyer.send("/forgot-password", email=address))
        buyer.open(self.house.mailbox.next(address).link)
        answer = buyer.set_password(OTHER_PASSWORD)
        self.assertEqual((answer.status, answer.location), (303, "/account/profile"))
        self.assertEqual(buyer.follow(answer).status, 200)

    def test_an_invited_account_gets_its_first_password_by_the_same_way(self):
        address = self.new_address("invited")
        self.house.account(address, state="invited")
        buyer = self.browser()
        page = buyer.forgot(address)
        self.assertEqual(page.done, FORGOT_DONE)
        mail = self.house.mailbox.next(address)
        self.assertIn("/reset-password?token=", mail.link)
        buyer.open(mail.link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        self.assert_signs_in(address, OTHER_PASSWORD)

    def test_a_blocked_account_is_told_to_ask_the_house(self):
        address = self.new_address("blocked")
        self.house.account(address, state="blocked")
        self.assertEqual(self.browser().forgot(address).done, FORGOT_DONE)
        mail = self.house.mailbox.next(address)
        self.assertIsNone(mail.link)
        self.assertIn(NAME, mail.text)

    def test_twenty_bad_tries_do_not_use_the_link_up(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        buyer.open(mail.link)
        for password, again, field in [("eleven-char", "eleven-char", "password"), (OTHER_PASSWORD, "other", "password_again"), ("passwordpassword", "passwordpassword", "password"),
                                       (f"{NAME} 2026", f"{NAME} 2026", "password"), ("", "", "password")] * 4:
            page = buyer.set_password(password, again)
            self.assertEqual(page.status, 422, password)
            self.assertIn(field, page.errors)
            self.assertEqual(page.form("/reset-password")["fields"]["password"], "")
        self.assertEqual(self.house.link_state(mail.token), "live")
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)


class SigningIn(HouseTest):
    def test_signing_in_and_out(self):
        address, buyer = self.house.person()
        answer = buyer.sign_in(address)
        self.assertEqual((answer.status, answer.location), (303, "/account"))
        page = buyer.follow(answer)
        self.assertEqual((page.status, page.heading), (200, "Jeanne Rochat"))
        page = buyer.follow(buyer.send("/signout"))
        self.assertEqual((page.path, page.done), ("/?done=signed-out", "You are signed out."))
        self.assertFalse(buyer.is_signed_in())

    def test_a_wrong_password_keeps_what_was_typed_but_the_password(self):
        address, buyer = self.house.person()
        page = buyer.sign_in(address, OTHER_PASSWORD, query="?next=/account/profile")
        self.assertEqual(page.status, 422)
        self.assertIn("do not match", page.alert)
        fields = page.form("/signin")["fields"]
        self.assertEqual((fields["email"], fields["password"], fields["next"]), (address, "", "/account/profile"))

    def test_after_signing_in_one_goes_on_to_where_one_was_heading(self):
        address, buyer = self.house.person()
        buyer.open("/account/password")
        answer = buyer.send("/signin", email=address, password=PASSWORD)
        self.assertEqual((answer.status, answer.location), (303, "/account/password"))

    def test_guests_get_no_cookie_before_they_meet_a_form(self):
        guest = self.browser()
        for path in ("/", "/?lang=fr", "/healthz", "/nothing", "/account", "/.well-known/change-password"):
            self.assertEqual(guest.get(path).all("Set-Cookie"), [], path)
        guest.get("/signin")
        self.assertEqual(list(guest.jar), [(name, "/") for name, _ in guest.jar])
        self.assertEqual(len(guest.jar), 1)

    def test_password_managers_find_the_page_that_changes_the_password(self):
        answer = self.browser().get("/.well-known/change-password")
        self.assertEqual((answer.status, answer.location), (303, "/account/password"))

    def test_forms_tell_password_managers_what_is_what(self):
        address, buyer = self.house.person()
        given = lambda page, action: {n: i.get("autocomplete") for n, i in page.form(action)["inputs"].items() if i.get("autocomplete")}
        self.assertEqual(given(buyer.open("/signin"), "/signin"), {"email": "username", "password": "current-password"})
        self.assertEqual(given(buyer.open("/register"), "/register"), {"first_name": "given-name", "last_name": "family-name", "email": "username",
                                                                       "password": "new-password", "password_again": "new-password"})
        page = buyer.open(self.house.link(address).link)
        self.assertEqual(given(page, "/reset-password"), {"username": "username", "password": "new-password", "password_again": "new-password"})
        self.assertEqual(page.form("/reset-password")["fields"]["username"], address)


class TheAccount(HouseTest):
    def signed_in(self, **more):
        address, buyer = self.house.person(**more)
        self.assertEqual(buyer.sign_in(address).status, 303)
        return address, buyer

    def test_the_profile_is_changed_and_shown(self):
        address, buyer = self.signed_in()
        buyer.open("/account/profile")
        answer = buyer.send("/account/profile", first_name="Jean-Luc", last_name="Müller <b>", street="Quai du Port", house_number="3a", postcode="2000",
                            town="Neuchâtel", country="CH", phone="+41 32 555 01 10", salutation="mr", language="en")
        page = buyer.follow(answer)
        self.assertEqual(page.done, "Your details have been saved.")
        self.assertEqual(page.heading, "Jean-Luc Müller <b>")
        for shown in ("Quai du Port 3a, 2000 Neuchâtel", "032 555 01 10"):
            self.assertIn(shown, page.words)
        fields = buyer.open("/account/profile").form("/account/profile")["fields"]
        self.assertEqual((fields["first_name"], fields["country"], fields["salutation"], fields["language"]), ("Jean-Luc", "CH", "mr", "en"))

    def test_a_profile_with_mistakes_comes_back_with_words(self):
        address, buyer = self.signed_in()
        buyer.open("/account/profile")
        page = buyer.send("/account/profile", last_name="", street="Quai du Port")
        self.assertEqual(page.status, 422)
        self.assertEqual(set(page.errors), {"last_name", "postcode", "town"})
        self.assertEqual(page.form("/account/profile")["fields"]["street"], "Quai du Port")
        self.assertEqual(buyer.open("/account").heading, "Jeanne Rochat")

    def test_the_language_chosen_in_the_profile_is_that_of_pages_and_mails(self):
        address, buyer = self.signed_in()
        buyer.open("/account/profile")
        page = buyer.follow(buyer.send("/account/profile", language="de"))
        self.assertEqual(page.header("Content-Language"), "de")
        self.assertEqual(self.house.link(address).language, "de")

    def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(self):
        address, laptop = self.signed_in()
        phone = self.browser()
        phone.sign_in(address)
        waiting = self.house.link(address)
        laptop.open("/account/password")
        page = laptop.send("/account/password", old_password=THIRD_PASSWORD, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
        self.assertEqual((page.status, set(page.errors)), (422, {"old_password"}))
        page = laptop.send("/account/password", old_password=PASSWORD, password="too short", password_again="too short")
        self.assertEqual((page.status, set(page.errors)), (422, {"password"}))
        self.assertTrue(phone.is_signed_in())
        page = laptop.follow(laptop.send("/account/password", old_password=PASSWORD, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD))
        self.assertEqual(page.done, RESET_DONE)
        self.assertTrue(laptop.is_signed_in())
        self.assertFalse(phone.is_signed_in())
        self.assertIsNone(self.house.mailbox.next(address).link, "a mail tells of it")
        self.assertEqual(self.house.link_state(waiting.token), "superseded")
        self.assert_signs_in(address, OTHER_PASSWORD)

    def test_sessions_are_listed_and_ended_one_by_one(self):
        address, laptop = self.signed_in()
        phone = self.browser(agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1")
        phone.sign_in(address)
        page = laptop.open("/account/sessions")
        for shown in ("Firefox, Linux", "Safari, iPhone", "This browser", laptop.network, phone.network):
            self.assertIn(shown, page.words)
        forms = [f for f in page.reader.forms if f["action"] == "/account/sessions/end"]
        self.assertEqual(len(forms), 1, "one's own session is ended by signing out")
        page = laptop.follow(laptop.send("/account/sessions/end"))
        self.assertEqual(page.done, "That browser is signed out.")
        self.assertFalse(phone.is_signed_in())
        self.assertTrue(laptop.is_signed_in())

    def test_a_session_of_somebody_else_cannot_be_ended(self):
        address, buyer = self.signed_in()
        other, stranger = self.signed_in()
        phone = self.browser()
        phone.sign_in(other)
        theirs = stranger.open("/account/sessions").form("/account/sessions/end")["fields"]["id"]
        self.browser().sign_in(address)  # else there is no form
        buyer.open("/account/sessions")
        buyer.send("/account/sessions/end", id=theirs)
        self.assertTrue(phone.is_signed_in())
        self.assertTrue(stranger.is_signed_in())

    def test_signing_out_everywhere(self):
        address, laptop = self.signed_in()
        phone = self.browser()
        phone.sign_in(address)
        laptop.open("/account/sessions")
        page = laptop.follow(laptop.send("/account/sessions/end-all"))
        self.assertEqual((page.heading, page.done), ("Sign In", "You are signed out everywhere."))
        self.assertFalse(laptop.is_signed_in())
        self.assertFalse(phone.is_signed_in())


class Languages(HouseTest):
    def test_a_page_comes_in_the_language_asked_for_and_keeps_it_in_its_links(self):
        headings = set()
        for language in ("en", "fr", "de", "it"):
            page = self.browser().open(f"/signin?lang={language}")
            self.assertEqual(page.header("Content-Language"), language)
            self.assertIn(f'<html lang="{language}">', page.text)
            self.assertTrue(all(f"lang={language}" in a for a in page.reader.links if a.startswith("/")), page.reader.links)
            self.assertEqual(page.form("/signin")["action"], f"/signin?lang={language}")
            headings.add(page.heading)
        self.assertEqual(len(headings), 4)

    def test_without_it_the_browser_says_and_then_the_house(self):
        self.assertEqual(self.browser(language="it-CH, de;q=0.5").open("/signin").header("Content-Language"), "it")
        self.assertEqual(self.browser(language="ja, de;q=0.5").open("/signin").header("Content-Language"), "de")
        self.assertEqual(self.browser(language="ja").open("/signin").header("Content-Language"), "en")
        self.assertEqual(self.browser(language="fr").open("/signin?lang=xx").header("Content-Language"), "fr")

    def test_each_language_has_mails_of_its_own(self):
        kinds = {}
        for language in ("en", "fr", "de", "it"):
            registering = self.browser(language=language)
            new = self.new_address(language)
            registering.register(new)
            known = self.new_address(language)
            self.house.account(known, language=language)
            self.browser().register(known)
            blocked = self.new_address(language)
            self.house.account(blocked, language=language, state="blocked")
            self.browser().forgot(blocked)
            forgetting = self.new_address(language)
            self.house.account(forgetting, language=language)
            buyer = self.browser()
            buyer.forgot(forgetting)
            reset = self.house.mailbox.next(forgetting)
            buyer.open(reset.link)
            buyer.set_password(OTHER_PASSWORD)
            changed = self.house.mailbox.next(forgetting)
            for kind, mail in [("confirm", self.house.mailbox.next(new)), ("exists", self.house.mailbox.next(known)), ("blocked", self.house.mailbox.next(blocked)),
                               ("reset", reset), ("changed", changed)]:
                self.assertEqual(mail.language, language, kind)
                self.assertIn(NAME, mail.text)
                self.assertNotRegex(mail.text + mail.html + mail.subject, r"\{\{|\}\}|«[a-z_.]+»", "no field is left unfilled")
                kinds.setdefault(kind, []).append((mail.subject, mail.text))
        for kind, mails in kinds.items():
            self.assertEqual(len({subject for subject, _ in mails}), 4, f"{kind}: {[s for s, _ in mails]}")
            self.assertEqual(len({text for _, text in mails}), 4)
        self.assertEqual(len({mails[0][0] for mails in kinds.values()}), 5, "each kind says what it is")

    def test_the_accounts_language_wins_over_browser_and_page(self):
        address = self.new_address()
        self.house.account(address, language="it")
        self.browser(language="de").forgot(address, "?lang=fr")
        self.assertEqual(self.house.mailbox.next(address).language, "it")

    def test_the_walk_keeps_the_language_it_was_begun_in(self):
        address, buyer = self.house.person(language="fr")
        buyer.open("/forgot-password?lang=de")
        answer = buyer.send("/forgot-password", email=address)
        self.assertEqual(answer.location, "/forgot-password?sent=1&lang=de")
        buyer = self.browser(language="it")
        page = buyer.open(self.house.mailbox.next(address).link)
        self.assertEqual(page.header("Content-Language"), "it", "a guest's page follows the browser")
        page = buyer.follow(buyer.set_password(OTHER_PASSWORD))
        self.assertEqual(page.header("Content-Language"), "fr", "who is signed in has a language")
        self.assertTrue(re.search("mot de passe", page.done), page.done)


if __name__ == "__main__":
    unittest.main()
