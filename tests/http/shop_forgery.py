"""Recovery links forged, old, used, opened here and finished there: recovery-cases 5 to 7, 9, 12, 14 to 16, 19 to 21, 55 to 64, 74."""
import os
import time
import unittest
import urllib.parse

from house import HOUR, IS_SQLITE, MICROSECONDS, OTHER_PASSWORD, PASSWORD, THIRD_PASSWORD, HouseTest, at_once, link_bytes, link_id, link_text

EXPIRED = "This link has expired. Links work for 48 hours. Ask for a new one."
USED = "This link has already been used. Sign in with your new password, or ask for a new link."
SUPERSEDED = "A newer link has been sent since. Please use the one in the latest e-mail."
NOT_OURS = "This link is not valid. Please copy it whole from the e-mail, or ask for a new one."
OPEN_AGAIN = "Please open the link in the e-mail again."


class LinkTest(HouseTest):
    def opens(self, token, browser=None):
        """The page that a link ends at; TOKEN stands in the address as it is."""
        browser = browser or self.browser()
        return browser.follow(browser.get("/reset-password?token=" + token))

    def assert_not_ours(self, page, what=""):
        self.assertEqual((page.status, page.alert), (404, NOT_OURS), what)
        self.assertTrue(page.has_form("/forgot-password"), "the page has the form to ask for a new one")

    def assert_dead(self, page, words):
        self.assertEqual((page.status, page.alert), (410, words))
        self.assertTrue(page.has_form("/forgot-password"))
        self.assertFalse(page.has_form("/reset-password"))

    def assert_opens(self, page):
        self.assertEqual((page.status, page.heading, page.path), (200, "Reset password", "/reset-password"))


class Forged(LinkTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.address, _ = cls.house.person()
        cls.token = cls.house.link(cls.address).token

    def tearDown(self):
        self.assertEqual(self.house.link_state(self.token), "live", "nothing here uses a link up")

    def test_every_flipped_bit_is_refused(self):
        data, stranger = link_bytes(self.token), self.browser()
        self.assertEqual(len(data), 86)
        for bit in range(len(data) * 8):
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            page = stranger.get("/reset-password?token=" + link_text(bytes(flipped)))
            self.assertEqual(page.status, 404, f"bit {bit}")
        self.assert_not_ours(page)
        self.assertEqual([name for name in stranger.cookies("/reset-password") if "link" in name or "session" in name], [])

    def test_the_last_characters_spare_bits_make_no_second_spelling(self):
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for c in alphabet:
            if c != self.token[-1]:
                self.assert_not_ours(self.opens(self.token[:-1] + c), c)

    def test_every_length_but_its_own_is_refused(self):
        stranger = self.browser()
        for n in range(len(self.token)):
            self.assertEqual(stranger.get("/reset-password?token=" + self.token[:n]).status, 404, n)
        for more in ("A", "AAAA", "=", "==", ".", self.token, "%00", "/", "%0A%0Ax"):
            self.assertEqual(stranger.get("/reset-password?token=" + self.token + more).status, 400 if more[0] == "%" else 404, more)
        self.assertIn(stranger.get("/reset-password?token=" + "A" * 5000).status, (404, 414))
        self.assertIn(stranger.get("/reset-password?token=" + "A" * 1_000_000).status, (400, 414, 431))

    def test_another_alphabet_or_encoding_is_the_same_link_or_none(self):
        self.assert_opens(self.opens("".join(f"%{b:02X}" for b in self.token.encode())))
        for blanks in ("%20" + self.token, self.token + "%20", self.token + "+", "%20%20" + self.token + "%0A"):
            page = self.opens(blanks)
            self.assertTrue(page.status == 400 or page.path == "/reset-password" and page.status == 200, "white space around it does no harm")
        for spelling in (urllib.parse.quote(urllib.parse.quote(self.token, safe="")).replace("-", "%252D").replace("_", "%255F"), self.token.swapcase(),
                         self.token[:57] + "%0D%0A" + self.token[57:], self.token[:57] + "%20" + self.token[57:]):
            if spelling != self.token:
                self.assertIn(self.opens(spelling).status, (400, 404), spelling)
        if "-" in self.token or "_" in self.token:
            self.assert_not_ours(self.opens(urllib.parse.quote(self.token.replace("-", "+").replace("_", "/"), safe="")))

    def test_parts_of_two_links_make_none(self):
        other, _ = self.house.person()
        a, b = link_bytes(self.token), link_bytes(self.house.link(other).token)
        for mixed in (a[:22] + b[22:], b[:22] + a[22:], a[:6] + b[6:22] + a[22:], a[:54] + b[54:]):
            self.assert_not_ours(self.opens(link_text(mixed)))

    def test_version_purpose_and_key_are_signed(self):
        data = link_bytes(self.token)
        for place, values in ((0, (0, 2, 255)), (5, (0, 2, 3, 4, 5, 6, 255)), (1, (0, 255))):
            for value in values:
                changed = bytearray(data)
                if changed[place] == value:
                    continue
                changed[place] = value
                self.assert_not_ours(self.opens(link_text(bytes(changed))), (place, value))
        for key in (b"\0\0\0\0", b"../.", b"\xff\xff\xff\xff"):
            self.assert_not_ours(self.opens(link_text(data[:1] + key + data[5:])), key)

    def test_a_link_that_confirms_an_address_resets_no_password(self):
        address = self.new_address()
        self.browser().register(address)
        token = self.house.mailbox.next(address).token
        self.assert_not_ours(self.opens(token))
        page = self.browser().get("/confirm-email?token=" + self.token)
        self.assertEqual((page.status, page.alert), (404, NOT_OURS), "nor the other way round")

    def test_a_genuine_link_whose_row_is_gone_has_expired(self):
        address, _ = self.house.person()
        token = self.house.link(address).token
        self.house.data.rows("DELETE FROM recovery_link WHERE link_id = {}", link_id(token))
        self.assert_dead(self.opens(token), EXPIRED)

    def test_a_row_whose_link_was_never_signed_opens_nothing(self):
        forged = bytearray(link_bytes(self.token))
        forged[6:22] = os.urandom(16)
        self.house.data.rows("INSERT INTO recovery_link (link_id, account, point_of_sale, purpose, state, fingerprint, next, made_at, deadline) SELECT {}, account,"
                             " point_of_sale, purpose, 'live', fingerprint, '', made_at, deadline FROM recovery_link WHERE link_id = {}", bytes(forged[6:22]), link_id(self.token))
        self.assert_not_ours(self.opens(link_text(bytes(forged))))

    def test_of_two_tokens_one_wins_or_none_and_never_a_mixture(self):
        other, _ = self.house.person()
        second = self.house.link(other).token
        for query in (f"token={self.token}&token={second}", f"token={second}&token={self.token}", f"token[]={self.token}", f"token%5B0%5D={self.token}&token={second}x"):
            page = self.browser()
            page = page.follow(page.get("/reset-password?" + query))
            if page.status == 200:
                account = page.form("/reset-password")["fields"]["username"]
                self.assertIn(account, (self.address, other))
            else:
                self.assertIn(page.status, (400, 404))

    def test_a_token_in_the_address_wins_over_the_one_in_the_cookie(self):
        other, _ = self.house.person()
        browser = self.browser()
        self.assert_opens(self.opens(self.token, browser))
        page = self.opens(self.house.link(other).token, browser)
        self.assertEqual(page.form("/reset-password")["fields"]["username"], other)


class Dead(LinkTest):
    def test_an_expired_link_says_so_and_a_form_sent_late_too(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        self.assert_opens(self.opens(mail.token, buyer))
        late = int(self.house.data.one("SELECT deadline FROM recovery_link WHERE link_id = {}", link_id(mail.token))) - time.time() * MICROSECONDS
        self.assertAlmostEqual(late / HOUR, 48, delta=0.1)
        self.house.data.rows("UPDATE recovery_link SET deadline = {} WHERE link_id = {}", int((time.time() - 1) * MICROSECONDS), link_id(mail.token))
        page = buyer.set_password(OTHER_PASSWORD)
        self.assert_dead(page, EXPIRED)
        self.assertIsNone(buyer.cookie("link"), "the cookie goes with it")
        self.assert_dead(self.opens(mail.token), EXPIRED)
        self.assert_signs_in(address, PASSWORD)
        self.assert_not_signs_in(address, OTHER_PASSWORD)

    def test_a_minute_before_its_deadline_a_link_works(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        self.house.data.rows("UPDATE recovery_link SET deadline = {} WHERE link_id = {}", int((time.time() + 60) * MICROSECONDS), link_id(mail.token))
        self.opens(mail.token, buyer)
        self.assertEqual(self.house.data.one("SELECT deadline > {} FROM recovery_link WHERE link_id = {}", int((time.time() + 61) * MICROSECONDS), link_id(mail.token)),
                         "0" if IS_SQLITE else "f", "opening prolongs nothing")
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)

    def test_a_row_that_is_dead_stays_dead_whatever_its_deadline_says(self):
        for state, words in (("used", USED), ("superseded", SUPERSEDED), ("expired", EXPIRED)):
            address, buyer = self.house.person()
            mail = self.house.link(address)
            self.opens(mail.token, buyer)
            self.house.data.rows("UPDATE recovery_link SET state = {}, ended_at = made_at, deadline = {} WHERE link_id = {}", state, 2**62, link_id(mail.token))
            self.assert_dead(buyer.set_password(OTHER_PASSWORD), words)
            self.assert_dead(self.opens(mail.token), words)
            self.assert_not_signs_in(address, OTHER_PASSWORD)

    def test_a_used_link_says_so_in_every_browser_and_signs_nobody_in(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        self.opens(mail.token, buyer)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        self.assertEqual(self.house.link_state(mail.token), "used")
        for browser in (buyer, self.browser()):
            self.assert_dead(self.opens(mail.token, browser), USED)
        self.assertTrue(buyer.is_signed_in())
        self.assertFalse(browser.is_signed_in())

    def test_the_three_newest_live_side_by_side_and_a_fourth_retires_the_oldest(self):
        address, _ = self.house.person()
        mails = []
        for _ in range(4):
            mails.append(self.house.link(address))
            self.house.pass_time(address, HOUR)
        self.assertEqual([self.house.link_state(m.token) for m in mails], ["superseded", "live", "live", "live"])
        self.assert_dead(self.opens(mails[0].token), SUPERSEDED)
        buyer = self.browser()
        self.assert_opens(self.opens(mails[1].token, buyer))
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        self.assertEqual([self.house.link_state(m.token) for m in mails], ["superseded", "used", "superseded", "superseded"], "the first success ends all")
        self.assert_dead(self.opens(mails[3].token), SUPERSEDED)

    def test_what_changes_the_account_makes_a_link_worthless(self):
        changes = {"password": "UPDATE internet_account SET password_hash = (SELECT password_hash || '' FROM internet_account WHERE email = {1}) || 'x' WHERE email = {0}",
                   "address": "UPDATE internet_account SET email_key = 'new-' || email_key WHERE email = {0}",
                   "closed": "UPDATE internet_account SET state = 'closed' WHERE email = {0}",
                   "blocked": "UPDATE internet_account SET state = 'blocked' WHERE email = {0}"}
        for what, sql in changes.items():
            address, buyer = self.house.person()
            mail = self.house.link(address)
            self.opens(mail.token, buyer)
            before = self.house.data.rows("SELECT password_hash FROM internet_account WHERE email = {}", address)
            self.house.data.rows(sql.replace("{0}", "{}").replace("{1}", "{}"), *([address] * sql.count("{")))
            after = self.house.data.rows("SELECT password_hash FROM internet_account WHERE email = {}", address)
            page = buyer.set_password(OTHER_PASSWORD)
            self.assertEqual(page.status, 410, what)
            self.assertIn(page.alert, (SUPERSEDED, EXPIRED))
            self.assertFalse(buyer.is_signed_in())
            self.assertEqual(self.house.data.rows("SELECT password_hash FROM internet_account WHERE email = {}", address), after, what)
            self.assertEqual(what == "password", before != after)

    def test_a_dead_link_costs_no_hash_and_writes_nothing(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        self.opens(mail.token, buyer)
        self.house.data.rows("UPDATE recovery_link SET state = 'used', ended_at = made_at WHERE link_id = {}", link_id(mail.token))
        where, pairs = buyer.fill("/reset-password", password="x" * 256, password_again="x" * 256)
        events = self.house.data.count("SELECT count(*) FROM account_event")
        mails = self.house.data.count("SELECT count(*) FROM outbox_message")
        self.assert_dead(buyer.post(where, pairs), USED)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM account_event"), events)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM outbox_message"), mails)


class Opening(LinkTest):
    def test_looking_any_number_of_times_uses_nothing_up(self):
        address, buyer = self.house.person()
        mail, scanner = self.house.link(address), self.browser(agent="Mozilla/5.0 (compatible; LinkScanner/1.0)")
        before = self.house.data.rows("SELECT * FROM recovery_link WHERE link_id = {}", link_id(mail.token))
        for method in ("GET", "HEAD") * 5:
            for headers in ((), [("Purpose", "prefetch"), ("Sec-Purpose", "prefetch")]):
                self.assertEqual(scanner.request(method, "/reset-password?token=" + mail.token, headers=headers).status, 303)
                self.assertEqual(scanner.request(method, "/reset-password").status, 200)
                self.assertEqual(scanner.request(method, "/reset-password?token=" + mail.token, headers=headers, is_kept=False).status, 303)
        self.assertEqual(self.house.data.rows("SELECT * FROM recovery_link WHERE link_id = {}", link_id(mail.token)), before)
        self.assertFalse(scanner.is_signed_in())
        self.opens(mail.token, buyer)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)

    def test_a_scanner_that_posts_without_the_forms_token_is_refused(self):
        address, _ = self.house.person()
        mail, scanner = self.house.link(address), self.browser()
        page = self.opens(mail.token, scanner)
        mark = page.form("/reset-password")["fields"]["link"]
        fields = {"password": OTHER_PASSWORD, "password_again": OTHER_PASSWORD}
        for path, more in (("/reset-password", {}), ("/reset-password", {"link": mark}), ("/reset-password?token=" + mail.token, {"link": mark}),
                           ("/reset-password", {"token": mail.token, "csrf": "x" * 43, "link": mark})):
            self.assertEqual(scanner.post(path, {**fields, **more}).status, 403)
        self.assertEqual(self.house.link_state(mail.token), "live")
        self.assert_not_signs_in(address, OTHER_PASSWORD)

    def test_opened_on_the_phone_and_finished_on_the_laptop(self):
        address, phone = self.house.person()
        mail, laptop = self.house.link(address), self.browser()
        self.assert_opens(self.opens(mail.token, phone))
        self.assert_opens(self.opens(mail.token, laptop))
        self.assertEqual(laptop.set_password(OTHER_PASSWORD).status, 303)
        self.assertTrue(laptop.is_signed_in())
        self.assert_dead(phone.set_password(THIRD_PASSWORD), USED)
        self.assertFalse(phone.is_signed_in())
        self.assert_signs_in(address, OTHER_PASSWORD)
        self.assert_not_signs_in(address, THIRD_PASSWORD)

    def test_opened_while_somebody_else_is_signed_in_it_says_so_and_changes_only_at_success(self):
        other, browser = self.house.person(first="Otto", last="Other")
        browser.sign_in(other)
        session = browser.cookie("session")
        address, _ = self.house.person()
        page = self.opens(self.house.link(address).token, browser)
        self.assertIn(f"You are signed in here as {other}.", page.words)
        self.assertEqual(browser.set_password("short").status, 422)
        self.assertEqual(browser.open("/account").heading, "Otto Other", "opening and failing sign nobody out")
        self.opens(self.house.mailbox.to(address)[-1].token, browser)
        page = browser.follow(browser.set_password(OTHER_PASSWORD))
        self.assertEqual(page.heading, "Jeanne Rochat")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM account_session s JOIN internet_account a ON a.id = s.account WHERE a.email = {}", other), 0)
        browser.jar = {key: session for key in browser.jar if "session" in key[0]}
        self.assertFalse(browser.is_signed_in(), "the session of before is over")

    def test_opened_while_signed_in_as_the_same_account_there_is_one_new_session(self):
        address, browser = self.house.person()
        browser.sign_in(address)
        before = browser.cookie("session")
        page = self.opens(self.house.link(address).token, browser)
        self.assertNotIn("You are signed in here as", page.words)
        self.assertEqual(browser.set_password(OTHER_PASSWORD).status, 303)
        self.assertNotEqual(browser.cookie("session"), before)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM account_session s JOIN internet_account a ON a.id = s.account WHERE a.email = {}", address), 1)

    def test_the_token_is_in_no_log_no_page_and_no_cache(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        answer = buyer.get("/reset-password?token=" + mail.token)
        self.assertEqual(answer.header("Referrer-Policy"), "no-referrer")
        self.assertEqual(answer.header("Cache-Control"), "no-store")
        self.assertEqual(answer.location, "/reset-password")
        page = buyer.follow(answer)
        self.assertEqual((page.header("Referrer-Policy"), page.header("Cache-Control")), ("same-origin", "no-store"))
        self.assertNotIn(mail.token, page.text)
        refused = buyer.set_password("short")
        self.assertEqual(refused.header("Cache-Control"), "no-store")
        self.assertNotIn(mail.token, refused.text)
        forged = mail.token[:-4] + "AAAA"
        dead = buyer.get("/reset-password?token=" + forged)
        self.assertEqual(dead.header("Cache-Control"), "no-store")
        self.assertEqual(dead.header("Referrer-Policy"), "no-referrer")
        self.assertNotIn(forged, dead.text)
        buyer.get("/reset-password")
        self.assertEqual(buyer.request("HEAD", "/reset-password?token=" + mail.token).header("Cache-Control"), "no-store")
        buyer.get("/nothing?token=" + mail.token)
        buyer.get("/signin?next=/account&token=" + mail.token)
        buyer.get("/reset-password")
        answer = buyer.set_password(OTHER_PASSWORD)
        self.assertEqual((answer.status, answer.header("Cache-Control")), (303, "no-store"))
        log = self.house.log()
        self.assertIn("/reset-password", log)
        for secret in (mail.token, forged, mail.token[30:80], buyer.cookie("session"), buyer.cookie("guest"), OTHER_PASSWORD, PASSWORD):
            if secret:
                self.assertNotIn(secret, log)
        for (row,) in self.house.data.rows("SELECT kind || ' ' || network FROM account_event"):
            self.assertNotIn(mail.token[:40], row)

    def test_a_confirmation_link_keeps_its_token_out_of_sight_too(self):
        buyer, address = self.browser(), self.new_address()
        buyer.register(address)
        mail = self.house.mailbox.next(address)
        answer = buyer.get("/confirm-email?token=" + mail.token)
        self.assertEqual((answer.location, answer.header("Referrer-Policy"), answer.header("Cache-Control")), ("/confirm-email", "no-referrer", "no-store"))
        page = buyer.follow(answer)
        self.assertEqual(page.header("Cache-Control"), "no-store")
        self.assertNotIn(mail.token, page.text)
        for _ in range(5):
            self.browser().request("HEAD", "/confirm-email?token=" + mail.token)
        self.assertEqual(self.house.link_state(mail.token), "live")
        self.assertNotIn(mail.token, self.house.log())


class TheFormAndItsCookie(LinkTest):
    def test_two_links_in_two_tabs_never_mix(self):
        first, browser = self.house.person()
        second, _ = self.house.person()
        tab_one = self.opens(self.house.link(first).token, browser)
        tab_two = self.opens(self.house.link(second).token, browser)
        where, pairs = browser.fill("/reset-password", tab_one, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
        page = browser.post(where, pairs)
        self.assertEqual(page.status, 409)
        self.assertIn("Another link has since been opened in this browser. Nothing was changed.", page.alert)
        for address in (first, second):
            self.assert_signs_in(address, PASSWORD)
        where, pairs = browser.fill("/reset-password", tab_two, password=THIRD_PASSWORD, password_again=THIRD_PASSWORD)
        self.assertEqual(browser.post(where, pairs).status, 303)
        self.assert_signs_in(second, THIRD_PASSWORD)
        self.assert_signs_in(first, PASSWORD)

    def test_the_page_names_the_account_masked(self):
        address = "zoé.masked@example.org"
        self.house.account(address)
        self.browser().forgot(address)
        self.house.settle()
        (mail,) = [m for m in self.house.mailbox.all() if m.to == address]
        page = self.opens(mail.token)
        self.assertIn("For z…@example.org", page.words)
        self.assertNotIn(address, page.words)

    def test_the_cookie_holds_a_link_safely(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        answer = buyer.get("/reset-password?token=" + mail.token)
        (line,) = [c for c in answer.all("Set-Cookie") if "link" in c]
        name, *attributes = line.split("; ")
        self.assertTrue(name.startswith("__Secure-link"), line)
        self.assertEqual(set(attributes), {"Path=/reset-password", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=1800"})
        buyer.get("/reset-password")
        done = buyer.set_password(OTHER_PASSWORD)
        self.assertTrue(any("link" in c and "Max-Age=0" in c for c in done.all("Set-Cookie")), "removed at success")

    def test_it_works_from_webmail_through_a_redirect_of_another_site(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        answer = buyer.get("/reset-password?token=" + mail.token, headers=[("Referer", "https://safelinks.example/"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")])
        self.assert_opens(buyer.follow(answer))
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)

    def test_the_bare_page_without_its_cookie_says_open_the_link_again(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        self.opens(mail.token, buyer)
        where, pairs = buyer.fill("/reset-password", password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
        buyer.forget("link")
        for page in (self.browser().get("/reset-password"), buyer.get("/reset-password"), buyer.post(where, pairs)):
            self.assertEqual(page.status, 404)
            self.assertIn(OPEN_AGAIN, page.alert)
            self.assertIsNone(page.location, "no loop")
        self.assertEqual(self.house.link_state(mail.token), "live")
        buyer.jar.update({("__Secure-link-shop", "/reset-password"): "x" * 600})
        self.assertEqual(buyer.get("/reset-password").status, 404)

    def test_of_two_forms_in_two_browsers_the_first_wins(self):
        address, one = self.house.person()
        mail, two = self.house.link(address), self.browser()
        for browser in (one, two):
            self.opens(mail.token, browser)
        self.assertEqual(two.set_password(OTHER_PASSWORD).status, 303)
        self.assert_dead(one.set_password(THIRD_PASSWORD), USED)
        self.assert_signs_in(address, OTHER_PASSWORD)
        self.assert_not_signs_in(address, THIRD_PASSWORD)

    def test_after_a_double_click_the_password_is_set_whatever_is_shown_last(self):
        address, buyer = self.house.person()
        self.opens(self.house.link(address).token, buyer)
        where, pairs = buyer.fill("/reset-password", password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)

        def click(n):
            return buyer.post(where, pairs, is_kept=False)

        pages = sorted(at_once(click, [1, 2]), key=lambda p: p.status)
        self.assertEqual(pages[0].status, 303)
        buyer.keep(pages[0])
        if pages[1].status != 303:
            self.assert_dead(pages[1], USED)
            buyer.keep(pages[1])
        self.assertTrue(buyer.is_signed_in())
        self.assert_signs_in(address, OTHER_PASSWORD)

    def test_the_old_password_chosen_again_is_accepted_and_ends_all_the_same(self):
        address, buyer = self.house.person()
        other = self.browser()
        other.sign_in(address)
        sibling = self.house.link(address)
        self.house.pass_time(address)
        mail = self.house.link(address)
        self.opens(mail.token, buyer)
        self.assertEqual(buyer.set_password(PASSWORD).status, 303)
        self.assertEqual((self.house.link_state(mail.token), self.house.link_state(sibling.token)), ("used", "superseded"))
        self.assertFalse(other.is_signed_in())
        self.assertIsNone(self.house.mailbox.next(address).link)
        self.assert_signs_in(address, PASSWORD)

    def test_hostile_bytes_in_every_field_are_the_ordinary_refusal(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        page = self.opens(mail.token, buyer)
        csrf, mark = (page.form("/reset-password")["fields"][n] for n in ("csrf", "link"))
        for bad in (b"nul\0inside the password", b"\xff\xfe not UTF-8 at all", b"x" * 5000, b"\xed\xa0\x80 surrogate half"):
            quoted = urllib.parse.quote_from_bytes(bad)
            for body in (f"csrf={csrf}&link={mark}&password={quoted}&password_again={quoted}", f"csrf={csrf}&link={quoted}&password=a&password_again=a"):
                answer = buyer.post("/reset-password", body.encode())
                self.assertIn(answer.status, (409, 422), bad[:30])
                self.assertEqual(self.house.link_state(mail.token), "live")
        self.assert_signs_in(address, PASSWORD)

    def test_a_living_link_can_be_used_after_a_nuisance_kept_asking(self):
        address, buyer = self.house.person()
        mail = self.house.link(address)
        self.opens(mail.token, buyer)
        for _ in range(10):
            self.browser().forgot(address)
        self.house.settle()
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)


if __name__ == "__main__":
    unittest.main()
