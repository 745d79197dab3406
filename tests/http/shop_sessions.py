"""Passwords, sessions, requests across sites, and what every answer carries: recovery-cases 29 to 34, 36 to 38, 69 to 71, 96."""
import base64
import re
import unicodedata
import unittest
import urllib.parse

from house import HOUR, NAME, OTHER_PASSWORD, PASSWORD, THIRD_PASSWORD, HouseTest

GETS = ("/", "/signin", "/register", "/register?sent=1", "/confirm-email", "/forgot-password", "/forgot-password?sent=1", "/reset-password", "/account", "/account/profile",
        "/account/password", "/account/sessions", "/.well-known/change-password", "/nothing-here", "/healthz")
POSTS = ("/signin", "/signout", "/register", "/confirm-email", "/forgot-password", "/reset-password", "/account/profile", "/account/password", "/account/sessions/end",
         "/account/sessions/end-all")
# Of PASSWORD, by libsodium with 8 MiB and one pass.
OLD_HASH = "$argon2id$v=19$m=8192,t=1,p=1$DE9TkB9MUnnvSSw7rZ3D+A$9czMacfEOKEYf7aEbDhxuZPWmcYiKX5pEHM5LzXY/7w"


def parameters(stored):
    return re.match(r"\$argon2id\$v=19\$([^$]+)\$", stored)[1]


class Passwords(HouseTest):
    def registers(self, password, again=None):
        """The page that registering with PASSWORD gives, and the address."""
        guest, address = self.browser(), self.new_address()
        guest.get("/register")
        where, pairs = guest.fill("/register", first_name="Jeanne", last_name="Rochat", email=address)
        pairs = [(n, v) for n, v in pairs if not n.startswith("password")] + [("password", password), ("password_again", password if again is None else again)]
        return guest.post(where, pairs), address

    def confirmed(self, password):
        """An account that chose PASSWORD at registration."""
        answer, address = self.registers(password)
        self.assertEqual(answer.status, 303, password)
        self.house.mailbox.next(address)
        self.house.data.rows("UPDATE internet_account SET state = 'active' WHERE email = {}", address)
        return address

    def assert_refused(self, password, words):
        answer, _ = self.registers(password)
        self.assertEqual((answer.status, list(answer.errors)), (422, ["password"]), password[:60])
        self.assertIn(words, answer.errors["password"], password[:60])

    def test_twelve_characters_are_enough_and_eleven_are_not(self):
        self.assert_refused("kw9 lamp ob", "at least 12 characters")
        self.assert_signs_in(self.confirmed("kw9 lamp obi"), "kw9 lamp obi")
        self.assert_refused("é🎭ß лампа к", "at least 12 characters")

    def test_256_bytes_are_taken_whole_and_257_are_refused(self):
        long = (PASSWORD + " " + OTHER_PASSWORD + " " + THIRD_PASSWORD + " ") * 4
        address = self.confirmed(long[:256])
        self.assert_signs_in(address, long[:256])
        self.assert_not_signs_in(address, long[:255])
        self.assert_refused(long[:257], "too long")
        self.assert_refused(("лампа и 🎭 " * 40)[:200], "too long")

    def test_a_password_of_a_megabyte_is_refused_before_it_is_read(self):
        answer, _ = self.registers("x" * 1_000_000)
        self.assertEqual(answer.status, 413)
        answer, _ = self.registers("x" * 5_000)
        self.assertEqual(answer.status, 422)

    def test_every_character_is_taken_and_none_is_trimmed(self):
        for password in ("   lamp kw9 obi   ", "🎭🎪🎨🦆🪗🥨🧲🪁🛶🧭🦔🪡", "лампа море кит дом", "日本語のながい合言葉です今日", "<b>&amp;\"'%00{{x}}"):
            address = self.confirmed(password)
            self.assert_signs_in(address, password)
            self.assert_not_signs_in(address, password.strip() + "x")
            if password != password.strip():
                self.assert_not_signs_in(address, password.strip())

    def test_composed_and_decomposed_are_one_password(self):
        password = "été à Zürich où naît"
        address = self.confirmed(unicodedata.normalize("NFC", password))
        self.assert_signs_in(address, unicodedata.normalize("NFD", password))

    def test_what_is_tried_first_is_refused_with_the_reason(self):
        for password, words in (("qwertzuiopü1", "neighbouring keys"), ("passwordpassword", ""), ("aaaaaaaaaaaa", "repeats itself"), ("Sommer2026!!", "easy to guess"),
                                (f"{NAME} 2026", "the name of the house"), ("theatredulac1", "the name of the house"), ("jeannerochat", "Your name"), ("123456789012", "")):
            self.assert_refused(password, words)

    def test_the_address_is_no_password(self):
        guest, address = self.browser(), "jeanne.long.address@example.org"
        guest.get("/register")
        page = guest.send("/register", first_name="A", last_name="B", email=address, password=address, password_again=address)
        self.assertEqual((page.status, list(page.errors)), (422, ["password"]))

    def test_the_rules_stand_on_the_page_before_the_first_try(self):
        self.assertIn("At least 12 characters.", self.browser().get("/register").words)

    def test_an_old_hash_is_upgraded_at_sign_in_and_an_unknown_one_refuses_politely(self):
        address, _ = self.house.person()
        stored = lambda: self.house.data.one("SELECT password_hash FROM internet_account WHERE email = {}", address)
        self.assertRegex(stored(), r"^\$argon2id\$v=19\$m=\d+,t=\d+,p=1\$")
        for unknown in ("$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=99999999,t=9,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$!!$!!"):
            self.house.data.rows("UPDATE internet_account SET password_hash = {} WHERE email = {}", unknown, address)
            self.assert_not_signs_in(address, PASSWORD)
        self.house.data.rows("UPDATE internet_account SET password_hash = {} WHERE email = {}", OLD_HASH, address)
        self.assert_signs_in(address, PASSWORD)
        self.assertNotEqual(stored(), OLD_HASH)
        self.assertEqual(parameters(stored()), parameters(self.house.hash))
        self.assert_signs_in(address, PASSWORD)

    def test_a_password_is_in_no_log_and_no_table(self):
        address, buyer = self.house.person()
        secret = "heliotrope-marmalade-53-canoe"
        buyer.sign_in(address, secret)
        buyer.open(self.house.link(address).link)
        buyer.set_password(secret, secret + "x")
        page = buyer.set_password("heliotrope-", "heliotrope-")
        self.assertNotIn("heliotrope", page.text)
        buyer.set_password(secret)
        self.assertNotIn("heliotrope", self.house.log())
        for table in ("internet_account", "account_event", "outbox_message", "recovery_request", "account_session", "rate_counter"):
            self.assertNotIn("heliotrope", repr(self.house.data.rows(f"SELECT * FROM {table}")), table)


class Sessions(HouseTest):
    def test_signing_in_gives_a_new_session_and_ends_the_one_this_browser_had(self):
        address, buyer = self.house.person()
        buyer.sign_in(address)
        (key,) = [key for key in buyer.jar if "session" in key[0]]
        stale = dict(buyer.jar)
        fixed = self.browser()
        fixed.jar[key] = "A" * 43
        self.assertEqual(fixed.sign_in(address).status, 303)
        self.assertNotIn(fixed.jar[key], ("A" * 43, stale[key]))
        buyer.open("/account")
        buyer.send("/signout")
        self.assertEqual(buyer.sign_in(address).status, 303)
        self.assertNotEqual(buyer.jar[key], stale[key])
        thief = self.browser()
        thief.jar = stale
        self.assertFalse(thief.is_signed_in())

    def test_only_the_hash_of_a_session_is_stored(self):
        address, buyer = self.house.person()
        buyer.sign_in(address)
        token = buyer.cookie("session")
        rows = repr(self.house.data.rows("SELECT * FROM account_session"))
        self.assertNotIn(token, rows)
        self.assertNotIn(base64.urlsafe_b64decode(token + "=").hex(), rows)

    def test_the_sessions_cookie(self):
        address, buyer = self.house.person()
        (line,) = [c for c in buyer.sign_in(address).all("Set-Cookie") if "session" in c]
        name, *attributes = line.split("; ")
        self.assertRegex(name, r"^__Host-session-[a-z0-9-]+=[A-Za-z0-9_-]{43}$")
        self.assertTrue({"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= set(attributes), line)
        self.assertFalse(any(a.startswith("Domain") for a in attributes))

    def test_success_of_recovery_ends_all_other_sessions_and_tells_the_owner(self):
        address, buyer = self.house.person()
        others = [self.browser() for _ in range(3)]
        for other in others:
            other.sign_in(address)
        buyer.open(self.house.link(address).link)
        before = dict(buyer.jar)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        self.assertEqual([o.is_signed_in() for o in others], [False] * 3)
        self.assertTrue(buyer.is_signed_in())
        self.assertNotIn(buyer.cookie("session"), before.values())
        self.assertIsNone(self.house.mailbox.next(address).link)

    def test_a_session_lives_no_longer_than_it_is_used_or_than_its_longest(self):
        for column in ("seen_at", "made_at"):
            address, buyer = self.house.person()
            buyer.sign_in(address)
            mine = "account = (SELECT id FROM internet_account WHERE email = {})"
            self.house.data.rows(f"UPDATE account_session SET {column} = {column} - {{}} WHERE {mine}", 366 * 24 * HOUR, address)
            self.assertFalse(buyer.is_signed_in(), column)

    def test_a_blocked_account_is_out_at_once(self):
        address, buyer = self.house.person()
        buyer.sign_in(address)
        self.house.data.rows("UPDATE internet_account SET state = 'blocked' WHERE email = {}", address)
        self.assertFalse(buyer.is_signed_in())

    def test_after_signing_out_the_back_button_shows_nothing_private(self):
        address, buyer = self.house.person()
        buyer.sign_in(address)
        self.assertIn("You are signed in, Jeanne.", buyer.get("/").words)
        for path in ("/", "/account", "/account/profile", "/account/password", "/account/sessions"):
            page = buyer.get(path)
            self.assertEqual((page.status, page.header("Cache-Control")), (200, "no-store"), path)
        self.assertEqual(self.browser().get("/").header("Cache-Control"), "no-cache")
        jar = dict(buyer.jar)
        buyer.open("/account")
        buyer.send("/signout")
        buyer.jar = jar
        for path in ("/account", "/account/profile"):
            answer = buyer.get(path)
            self.assertEqual(answer.status, 303, path)
            self.assertTrue(answer.location.startswith("/signin?next="))

    def test_garbage_in_the_sessions_cookie_is_no_session_and_no_error(self):
        address, buyer = self.house.person()
        buyer.sign_in(address)
        (key,) = [key for key in buyer.jar if "session" in key[0]]
        for value in ("x", "A" * 43, "A" * 500, "%00", "../../etc/passwd", "'OR'1'='1", "=" * 40, "é".encode().decode("latin-1"), buyer.jar[key][:-1], buyer.jar[key] + "A"):
            guest = self.browser()
            guest.jar[key] = value
            self.assertEqual(guest.get("/account").status, 303, value)
            self.assertEqual(guest.get("/").status, 200, value)


class TwoShops(HouseTest):
    """Two points of sale of one house in one process."""

    @classmethod
    def prepare(cls):
        cls.house.data.rows(
            "INSERT INTO point_of_sale (institution, organisation, sales_channel, code, name, state, public_url, host, prefix, languages, accent, sender_name, sender_address)"
            " SELECT institution, organisation, sales_channel, 'opera', 'Opera', state, {}, {}, '/opera', languages, accent, sender_name, 'opera@example.org' FROM point_of_sale",
            "https://opera.example.org/opera", "opera.example.org")

    def at_the_opera(self, browser):
        other = self.browser(url="https://opera.example.org")
        other.jar = dict(browser.jar)
        return other

    def test_a_session_of_one_is_none_at_the_other(self):
        address, buyer = self.house.person()
        buyer.sign_in(address)
        other = self.at_the_opera(buyer)
        self.assertEqual(other.get("/opera/").status, 200)
        self.assertEqual(other.get("/opera/account").location, "/opera/signin?next=%2Faccount")
        (key,) = [key for key in buyer.jar if "session" in key[0]]
        other.jar[(key[0].rsplit("-", 1)[0] + "-opera", "/")] = buyer.jar[key]
        self.assertEqual(other.get("/opera/account").status, 303, "also under the other's name")

    def test_a_link_opened_at_the_other_goes_to_its_own_shop(self):
        address, _ = self.house.person()
        mail = self.house.link(address)
        answer = self.at_the_opera(self.browser()).get("/opera/reset-password?token=" + mail.token)
        self.assertEqual((answer.status, answer.location), (303, mail.link))
        self.assertEqual(answer.all("Set-Cookie"), [])

    def test_a_mail_leads_to_the_shop_it_was_asked_at_prefix_and_all(self):
        address, _ = self.house.person()
        opera = self.at_the_opera(self.browser())
        opera.get("/opera/forgot-password")
        self.assertEqual(opera.send("/opera/forgot-password", email=address).location, "/opera/forgot-password?sent=1")
        mail = self.house.mailbox.next(address)
        self.assertTrue(mail.link.startswith("https://opera.example.org/opera/reset-password?token="), mail.link)
        self.assertEqual(mail.sender.addr_spec, "opera@example.org")
        page = opera.open(mail.link)
        self.assertEqual(page.path, "/opera/reset-password")
        answer = opera.send("/opera/reset-password", password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
        self.assertEqual(answer.location, "/opera/account?done=password-changed")
        self.assertEqual(opera.follow(answer).status, 200)


class TheAccountsLife(HouseTest):
    def test_a_stranger_who_registered_the_address_first_is_out_when_its_owner_recovers(self):
        address, stranger = self.new_address("victim"), self.browser()
        stranger.register(address, password=THIRD_PASSWORD)
        first = self.house.mailbox.next(address)
        self.assertEqual(stranger.sign_in(address, THIRD_PASSWORD).status, 422, "an unconfirmed account holds no session")
        self.house.pass_time(address)
        owner = self.browser()
        owner.open(self.house.link(address).link)
        self.assertEqual(owner.set_password(OTHER_PASSWORD).status, 303)
        self.assert_not_signs_in(address, THIRD_PASSWORD)
        self.assert_signs_in(address, OTHER_PASSWORD)
        self.assertNotEqual(self.house.link_state(first.token), "live")
        stranger.open(first.link)
        self.assertFalse(stranger.is_signed_in())

    def test_one_click_of_the_owner_does_not_take_the_strangers_password_over(self):
        address, stranger, owner = self.new_address("victim"), self.browser(), self.browser()
        stranger.register(address, password=THIRD_PASSWORD)
        page = owner.open(self.house.mailbox.next(address).link)
        self.assertIn("password", page.form("/confirm-email")["fields"])
        self.assertTrue(any(a.startswith("/forgot-password") for a in page.reader.links))

    def test_registering_again_puts_the_newer_password_in_the_older_ones_place(self):
        address, first, second = self.new_address(), self.browser(), self.browser()
        first.register(address, password=THIRD_PASSWORD)
        old = self.house.mailbox.next(address)
        self.house.pass_time(address)
        second.register(address, password=OTHER_PASSWORD)
        new = self.house.mailbox.next(address)
        self.assertEqual((self.house.link_state(old.token), self.house.link_state(new.token)), ("superseded", "live"))
        page = first.open(new.link)
        self.assertIn("password", page.form("/confirm-email")["fields"], "the first browser is not the one that registered last")
        second.open(new.link)
        self.assertEqual(second.send("/confirm-email").status, 303)
        self.assert_signs_in(address, OTHER_PASSWORD)
        self.assert_not_signs_in(address, THIRD_PASSWORD)

    def test_the_successful_post_confirms_and_not_the_opening(self):
        state = lambda: self.house.data.one("SELECT state FROM internet_account WHERE email = {}", address)
        for kind in ("invited", "unconfirmed"):
            address = self.new_address(kind)
            self.house.account(address, state=kind)
            buyer = self.browser()
            buyer.open(self.house.link(address).link)
            buyer.set_password("short")
            self.assertEqual(state(), kind)
            self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
            self.assertEqual(state(), "active")

    def test_who_is_slowed_after_wrong_passwords_can_still_recover(self):
        address, buyer = self.house.person()
        tries = [buyer.sign_in(address, OTHER_PASSWORD).status for _ in range(11)]
        self.assertEqual(tries, [422] * 10 + [429])
        self.assertTrue(buyer.page.header("Retry-After").isdigit())
        self.assertEqual(self.browser().sign_in(address).status, 303, "from elsewhere the owner still signs in")
        buyer.open(self.house.link(address, buyer).link)
        self.assertEqual(buyer.set_password(THIRD_PASSWORD).status, 303)
        self.assertTrue(buyer.is_signed_in())


class AcrossSites(HouseTest):
    def forms(self):
        """Every form of the shop and what fills it in rightly: browser, page, action, fields."""
        address, buyer = self.house.person()
        guest = self.browser()
        yield guest, guest.open("/signin"), "/signin", {"email": address, "password": PASSWORD}
        guest = self.browser()
        yield guest, guest.open("/forgot-password"), "/forgot-password", {"email": self.new_address()}
        guest = self.browser()
        yield guest, guest.open("/register"), "/register", {"first_name": "A", "last_name": "B", "email": self.new_address(), "password": PASSWORD, "password_again": PASSWORD}
        other, opening = self.house.person()
        yield opening, opening.open(self.house.link(other).link), "/reset-password", {"password": OTHER_PASSWORD, "password_again": OTHER_PASSWORD}
        new, registering = self.new_address(), self.browser()
        registering.register(new)
        yield registering, registering.open(self.house.mailbox.next(new).link), "/confirm-email", {}
        buyer.sign_in(address)
        self.browser().sign_in(address)  # a second session, to be ended
        yield buyer, buyer.open("/account/profile"), "/account/profile", {"first_name": "Changed"}
        yield buyer, buyer.open("/account/sessions"), "/account/sessions/end", {}
        yield buyer, buyer.open("/account/sessions"), "/account/sessions/end-all", {}
        if not buyer.is_signed_in():
            buyer.sign_in(address)
        yield buyer, buyer.open("/account/password"), "/account/password", {"old_password": PASSWORD, "password": OTHER_PASSWORD, "password_again": OTHER_PASSWORD}
        yield buyer, buyer.open("/account"), "/signout", {}

    def snapshot(self):
        tables = ("recovery_request", "registration_request", "account_session", "recovery_link", "outbox_message", "internet_account", "contact")
        return [self.house.data.rows(f"SELECT * FROM {t} ORDER BY 1") for t in tables]

    def test_every_form_refuses_what_did_not_come_from_it_and_does_nothing(self):
        seen = set()
        for browser, page, action, fields in self.forms():
            where, pairs = browser.fill(action, page, **fields)
            seen.add(action)
            stranger = self.browser()
            foreign = stranger.get("/signin").form("/signin")["fields"]["csrf"]
            own = dict(pairs)["csrf"]
            with_token = lambda token: [(n, token if n == "csrf" else v) for n, v in pairs]
            self.house.settle()
            before = self.snapshot()
            for what, bad in {"without": [p for p in pairs if p[0] != "csrf"], "empty": with_token(""), "foreign": with_token(foreign),
                              "changed": with_token(own[:-1] + ("A" if own[-1] != "A" else "B")), "twice": [*pairs, ("csrf", own)]}.items():
                self.assertEqual(browser.post(where, bad, is_kept=False).status, 403, f"{action}: {what}")
            for origin in ("null", "https://evil.example", "http://tickets.example.org", "https://tickets.example.org.evil.example", "https://tickets.example.org:8443"):
                self.assertEqual(browser.post(where, pairs, origin=origin, is_kept=False).status, 403, f"{action} from {origin}")
            self.assertEqual(browser.post(where, pairs, origin=None, headers=[("Referer", "https://evil.example/x")], is_kept=False).status, 403)
            self.assertEqual(stranger.post(where, pairs, is_kept=False).status, 303 if action.startswith("/account") else 403, f"{action} by somebody else")
            self.assertEqual(self.snapshot(), before, f"{action}: nothing was done")
        self.assertEqual(seen, set(POSTS), "every form there is")

    def test_every_form_is_taken_from_where_it_was_shown(self):
        for browser, page, action, fields in self.forms():
            where, pairs = browser.fill(action, page, **fields)
            self.assertEqual(browser.post(where, pairs).status, 303, action)

    def test_a_token_of_before_signing_in_is_stale_after(self):
        address, buyer = self.house.person()
        where, pairs = buyer.fill("/forgot-password", buyer.open("/forgot-password"), email=address)
        buyer.sign_in(address)
        self.assertEqual(buyer.post(where, pairs).status, 403)
        where, pairs = buyer.fill("/account/profile", buyer.open("/account/profile"))
        buyer.open("/account")
        buyer.send("/signout")
        buyer.sign_in(address)
        self.assertEqual(buyer.post(where, pairs).status, 403, "another session, another token")


class EveryAnswer(HouseTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers = list(cls.walk())

    @classmethod
    def walk(cls):
        address, buyer = cls.house.person()
        guest = cls.house.browser()
        for path in GETS:
            yield path, guest.get(path)
            yield "HEAD " + path, guest.request("HEAD", path)
        for path in POSTS:
            yield "POST " + path, guest.post(path, {"x": "y"})
            yield "PUT " + path, guest.request("PUT", path, b"")
        buyer.sign_in(address)
        for path in GETS:
            yield "signed in " + path, buyer.get(path)
        for part in re.findall(r'(?:href|src)="(/[^"?]*\.(?:css|js|svg))"', buyer.get("/").text):
            yield part, buyer.get(part)
        yield "link", guest.get("/reset-password?token=x")

    def test_carries_the_headers_that_keep_other_sites_out(self):
        for what, page in self.answers:
            policy = page.header("Content-Security-Policy") or ""
            for rule in ("frame-ancestors 'none'", "default-src 'none'", "form-action 'self'", "base-uri 'none'"):
                self.assertIn(rule, policy, what)
            self.assertNotIn("unsafe", policy, what)
            self.assertEqual(page.header("X-Content-Type-Options"), "nosniff", what)
            self.assertEqual(page.header("Cross-Origin-Opener-Policy"), "same-origin", what)
            if what.split()[-1] != "/healthz":  # which is of no shop, and asked over plain HTTP
                self.assertRegex(page.header("Strict-Transport-Security") or "", r"max-age=\d{7,}", what)
            self.assertIn(page.header("Referrer-Policy"), ("same-origin", "no-referrer"), what)
            self.assertIsNotNone(page.header("X-Request-Id"), what)
            self.assertLess(page.status, 500, what)

    def test_holds_no_inline_script_or_style_and_nothing_from_elsewhere(self):
        for what, page in self.answers:
            for tag, a in page.reader.elements if page.reader else []:
                self.assertNotIn("style", a, what)
                self.assertEqual([n for n in a if n.startswith("on")], [], what)
                self.assertNotEqual(tag, "style", what)
                if tag in ("script", "link", "img"):
                    self.assertTrue((a.get("src") or a.get("href")).startswith("/"), what)

    def test_is_under_fifty_kilobytes(self):
        for what, page in self.answers:
            self.assertLess(len(page.body), 50_000, what)

    def test_parts_of_pages_may_be_kept_for_ever_and_pages_may_not(self):
        for what, page in self.answers:
            kept = page.header("Cache-Control")
            if what.startswith("/") and what.endswith((".css", ".js", ".svg")):
                self.assertRegex(kept, r"^public, max-age=31536000", what)
            else:
                self.assertIn(kept, ("no-store", "no-cache"), what)

    def test_errors_say_what_to_do_with_the_requests_id_and_no_more(self):
        guest = self.browser(language="de")
        page = guest.get("/nothing-here")
        self.assertEqual((page.status, page.header("Content-Language")), (404, "de"))
        self.assertIn(page.header("X-Request-Id"), page.words)
        answer = guest.request("DELETE", "/signin")
        self.assertEqual((answer.status, answer.header("Allow")), (405, "GET, HEAD, POST"))
        self.assertEqual(guest.request("POST", "/signin", b"x" * 100_000, [("Content-Type", "application/x-www-form-urlencoded")]).status, 413)
        for page in (guest.get("/signin?lang=%ff"), guest.get("/%ff%fe"), guest.get("/../../etc/passwd"), guest.get("/account/%00")):
            self.assertIn(page.status, (200, 400, 404))
            for leak in ("SELECT", "sqlite", "libpq", "/src/", ".c:"):
                self.assertNotIn(leak, page.text)

    def test_the_account_asks_guests_to_sign_in_and_comes_back(self):
        for path in ("/account", "/account/profile", "/account/password", "/account/sessions"):
            answer = self.browser().get(path + "?lang=fr")
            self.assertEqual((answer.status, answer.location), (303, "/signin?next=" + urllib.parse.quote(path, safe="") + "&lang=fr"))


if __name__ == "__main__":
    unittest.main()
