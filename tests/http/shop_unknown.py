"""Who has an account stays unknown, and a mail goes to the stored address and nowhere else: recovery-cases 1 to 4, 10, 22, 23, 25 to 28."""
import html
import unicodedata
import unittest
import urllib.parse

from house import OTHER_PASSWORD, PASSWORD, URL, HouseTest

FORM = [("Content-Type", "application/x-www-form-urlencoded")]


class WhoHasAnAccount(HouseTest):
    def everybody(self):
        """An address of every kind there is, by kind; all of one length, since a form shows what was typed."""
        kinds = {}
        for kind in ("unknown", "active", "invited", "unconfirmed", "blocked", "closed", "merged"):
            kinds[kind] = self.new_address(kind[:2])
            if kind == "merged":
                account = self.house.account(kinds[kind])
                kept = self.house.account(self.new_address("kept"))
                self.house.data.rows("UPDATE contact SET merged_into = (SELECT contact FROM internet_account WHERE id = {}) WHERE id ="
                                     " (SELECT contact FROM internet_account WHERE id = {})", kept, account)
            elif kind != "unknown":
                self.house.account(kinds[kind], state=kind)
        return kinds

    def alike(self, answers, addresses):
        """Every answer is the same, and the page after it, but for the address that was typed."""
        bare = {kind: [self.without(page.bare(), addresses[kind]) for page in pages] for kind, pages in answers.items()}
        for kind, pages in bare.items():
            self.assertEqual(pages, bare["unknown"], kind)

    @staticmethod
    def without(bare, address):
        status, headers, body = bare
        return status, headers, body.replace(html.escape(address), "ADDRESS")

    def test_asking_for_a_mail_is_answered_alike_and_the_unknown_get_none(self):
        addresses, answers = self.everybody(), {}
        for kind, address in addresses.items():
            guest = self.browser()
            guest.get("/forgot-password")
            answer = guest.send("/forgot-password", email=address)
            answers[kind] = [answer, guest.follow(answer)]
        self.alike(answers, addresses)
        self.house.settle()
        mails = {kind: len(self.house.mailbox.to(address)) for kind, address in addresses.items()}
        self.assertEqual(mails, {"unknown": 0, "active": 1, "invited": 1, "unconfirmed": 1, "blocked": 1, "closed": 0, "merged": 0})
        for kind in ("active", "invited", "unconfirmed"):
            self.assertIsNotNone(self.house.mailbox.next(addresses[kind]).link, kind)
        self.assertIsNone(self.house.mailbox.next(addresses["blocked"]).link)

    def test_every_request_leaves_one_event_of_asking(self):
        addresses = self.everybody()
        before = self.house.data.count("SELECT coalesce(max(id), 0) FROM account_event")
        for address in addresses.values():
            self.browser().forgot(address)
        self.house.settle()
        said = dict(self.house.data.rows("SELECT kind, count(*) FROM account_event WHERE id > {} GROUP BY kind", before))
        self.assertEqual(said, {"recovery-unknown": "3", "recovery-asked": "4", "mail-queued": "4"})

    def test_signing_in_with_a_wrong_password_is_answered_alike(self):
        addresses, answers = self.everybody(), {}
        for kind, address in addresses.items():
            answers[kind] = [self.browser().sign_in(address, OTHER_PASSWORD)]
        self.assertEqual(answers["unknown"][0].status, 422)
        self.alike(answers, addresses)

    def test_the_right_password_of_an_account_that_is_not_active_tells_nothing(self):
        addresses, answers = self.everybody(), {}
        for kind, address in addresses.items():
            if kind not in ("active", "merged"):
                answers[kind] = [self.browser().sign_in(address, PASSWORD)]
        self.assertEqual(answers["unknown"][0].status, 422)
        self.alike(answers, addresses)

    def test_registering_is_answered_alike_and_the_owner_is_told(self):
        addresses, answers = self.everybody(), {}
        for kind, address in addresses.items():
            guest = self.browser()
            guest.get("/register")
            answer = guest.send("/register", first_name="Eve", last_name="Dropper", email=address, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
            answers[kind] = [answer, guest.follow(answer)]
        self.alike(answers, addresses)
        self.house.settle()
        link = lambda kind: self.house.mailbox.next(addresses[kind]).link
        self.assertIn("/confirm-email?", link("unknown"))
        self.assertIn("/confirm-email?", link("closed"))
        self.assertIn("/confirm-email?", link("unconfirmed"))
        self.assertIn("/reset-password?", link("invited"))
        self.assertIsNone(link("active"))
        self.assertIsNone(link("blocked"))
        self.assert_signs_in(addresses["active"], PASSWORD)
        self.assert_not_signs_in(addresses["active"], OTHER_PASSWORD)
        self.assertEqual(self.house.data.one("SELECT first_name FROM contact WHERE id = (SELECT contact FROM internet_account WHERE email = {})",
                                             addresses["active"]), "Jeanne", "a stranger changes nothing")

    def test_limits_depend_on_what_was_sent_and_not_on_whether_it_exists(self):
        said = {}
        for kind, address in {"unknown": self.new_address(), "active": self.house.person()[0]}.items():
            guest = self.browser()
            said[kind] = [guest.sign_in(address, OTHER_PASSWORD).status for _ in range(12)]
        self.assertEqual(said["unknown"], said["active"])
        self.assertEqual(said["unknown"][-1], 429)


class OneAddress(HouseTest):
    def forgot(self, body, headers=FORM):
        """Sends BODY with the form's own token in the place of CSRF."""
        guest = self.browser()
        token = guest.get("/forgot-password").form("/forgot-password")["fields"]["csrf"]
        return guest.request("POST", "/forgot-password", body.replace("CSRF", token).encode(), [*headers, ("Origin", URL)])

    def test_two_addresses_in_one_request_are_one_address_or_a_refusal(self):
        victim, _ = self.house.person()
        attacker, _ = self.house.person()
        v, a = urllib.parse.quote(victim), urllib.parse.quote(attacker)
        for body in (f"csrf=CSRF&email={v}&email={a}", f"csrf=CSRF&email={a}&email={v}", f"csrf=CSRF&email={v}&email={v}", f"csrf=CSRF&email[]={v}&email[]={a}",
                     f"csrf=CSRF&email%5B%5D={a}", f"csrf=CSRF&email={v},{a}", f"csrf=CSRF&email={v};{a}", f"csrf=CSRF&email={v}%20{a}", f"csrf=CSRF&email={v}%0A{a}",
                     f"csrf=CSRF&email={v}%0D%0ABcc:{a}", f"csrf=CSRF&email={v}%00{a}", f"csrf=CSRF&email={v}|{a}", f"csrf=CSRF&email=%22{v}%22,{a}",
                     f"csrf=CSRF&email=%22{v},{a}%22", f"csrf=CSRF&email=x%3C{v}%3E", "csrf=CSRF&email=", "csrf=CSRF"):
            answer = self.forgot(body)
            if answer.status != 303:  # what could be an old address is looked for as it stands, and nobody has it
                self.assertEqual((answer.status, list(answer.errors)), (422, ["email"]), body)
        self.house.settle()
        self.assertEqual(self.house.mailbox.to(victim) + self.house.mailbox.to(attacker), [])

    def test_other_kinds_of_body_are_refused(self):
        victim, _ = self.house.person()
        for kind, body in [("application/json", f'{{"csrf":"CSRF","email":["{victim}","evil@example.com"]}}'), ("application/json", f'{{"csrf":"CSRF","email":"{victim}"}}'),
                           ("text/plain", f"csrf=CSRF&email={victim}"), ("application/xml", f"<email>{victim}</email>"),
                           ("multipart/form-data; boundary=b", f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nCSRF\r\n--b\r\nContent-Disposition: form-data; '
                            f'name="email"\r\n\r\n{victim}\r\n--b--\r\n')]:
            self.assertEqual(self.forgot(body, [("Content-Type", kind)]).status, 415, kind)
        self.assertIn(self.forgot(f"csrf=CSRF&email={victim}", []).status, (403, 415))
        self.house.settle()
        self.assertEqual(self.house.mailbox.to(victim), [])

    def test_an_address_in_the_query_does_not_count(self):
        victim, _ = self.house.person()
        other, _ = self.house.person()
        guest = self.browser()
        guest.get("/forgot-password")
        where, pairs = guest.fill("/forgot-password", email=other)
        self.assertEqual(guest.post(f"{where}?email={victim}", pairs).status, 303)
        self.house.settle()
        self.assertEqual((len(self.house.mailbox.to(victim)), len(self.house.mailbox.to(other))), (0, 1))


class Addresses(HouseTest):
    def asks(self, typed):
        """Asks for TYPED; every mail that this sends, by recipient."""
        before = len(self.house.mailbox.all())
        self.assertEqual(self.browser().forgot(typed).status, 200, typed)
        self.house.settle()
        return [m.to for m in self.house.mailbox.all()[before:]]

    def test_the_mail_goes_to_the_stored_address_never_to_the_typed_one(self):
        stored = "Mike.Stored@example.org"
        self.house.account(stored, key="mike.stored@example.org")
        for typed in ("mike.stored@example.org", "MIKE.STORED@EXAMPLE.ORG", "  mIKE.stored@exaMPLE.org ", " mike.stored@example.org "):
            self.assertEqual(self.asks(typed), [stored], repr(typed))
            self.house.pass_time(stored, 3600 * 10**6)

    def test_an_address_that_only_looks_alike_is_another(self):
        self.house.account("mike.like@example.org")
        for typed in ("mıke.like@example.org", "miKe.like@example.org", "mike.like@exampłe.org", "mike.lіke@example.org"):
            self.assertEqual([to for to in self.asks(typed) if to != "mike.like@example.org"], [], typed)

    def test_look_alikes_that_both_have_accounts_each_get_their_own_mail(self):
        self.house.account("mike.both@example.org")
        self.house.account("mıke.both@example.org")
        self.assertEqual(self.asks("mike.both@example.org"), ["mike.both@example.org"])
        self.assertEqual(self.asks("mıke.both@example.org"), ["mıke.both@example.org"])

    def test_unicode_and_punycode_domains_are_one_account(self):
        buyer = self.browser()
        buyer.register("jeanne@bücher.example")
        self.house.settle()
        (mail,) = [m for m in self.house.mailbox.all() if m.to in ("jeanne@bücher.example", "jeanne@xn--bcher-kva.example")]
        buyer.open(mail.link)
        self.assertEqual(buyer.send("/confirm-email").status, 303)
        for typed in ("jeanne@xn--bcher-kva.example", "jeanne@BÜCHER.example", unicodedata.normalize("NFD", "jeanne@bücher.example")):
            self.assert_signs_in(typed, PASSWORD)
        before = self.house.data.one("SELECT count(*) FROM internet_account")
        self.browser().register("JEANNE@xn--bcher-kva.example")
        self.house.settle()
        self.assertEqual(self.house.data.one("SELECT count(*) FROM internet_account"), before)

    def test_composed_and_decomposed_letters_are_one(self):
        buyer, composed = self.browser(), unicodedata.normalize("NFC", "andré@example.org")
        buyer.register(composed)
        self.house.settle()
        (mail,) = [m for m in self.house.mailbox.all() if m.to == composed]
        buyer.open(mail.link)
        buyer.send("/confirm-email")
        self.assert_signs_in(unicodedata.normalize("NFD", composed), PASSWORD)

    def test_quoted_local_parts_and_plus_tags_are_kept(self):
        for address in ("mike+tickets@example.org", '"mike,quoted"@example.org'):
            self.house.account(address)
            self.assertEqual(self.asks(address), [address])
        self.assertEqual(self.asks("mike@example.org"), [])

    def test_what_is_not_one_address_is_refused_at_the_field(self):
        self.house.account("a@x.org")
        for typed in ("a@x.org\r\nBcc: all@x.org", "a@x.org,b@x.org", '"a b"@x.org', "a" * 289 + "@example.org", "a@x.org\0", b"a\xff@x.org", b"\xc0\x80@x.org", "a", "@x.org",
                      "a@", "a@@x.org", "a@x..org", "a@.org", "<a@x.org>", "a@x.org (b)", "Mike <a@x.org>", "a@[127.0.0.1]", "a\t@x.org", "..@x.org", '"a@x.org",b@x.org',
                      "a@" + "x" * 64 + ".org", "a\u2028@x.org", "\u3000a@x.org", "a\u200b@x.org", "\u202ea@x.org", '"a\u2028Bcc:b"@x.org', "a@x", "a@127.0.0.1"):
            page = self.sends("/register", typed)
            self.assertEqual((page.status, list(page.errors)), (422, ["email"]), typed)
            page = self.sends("/forgot-password", typed)
            if page.status != 303:  # what could be an old address is looked for as it stands, and nobody has it
                self.assertEqual((page.status, list(page.errors)), (422, ["email"]), typed)
        self.house.settle()
        self.assertEqual([m.to for m in self.house.mailbox.all() if m.to.endswith("x.org")], [])

    def sends(self, action, typed):
        guest = self.browser()
        fields = dict(guest.get(action).form(action)["fields"], email=typed)
        for name, value in (("first_name", "A"), ("last_name", "B"), ("password", PASSWORD), ("password_again", PASSWORD)):
            if name in fields:
                fields[name] = value
        return guest.post(action, fields)


class Names(HouseTest):
    def mail_of(self, first, last="Rochat"):
        buyer, address = self.browser(), self.new_address("name")
        page = buyer.register(address, first=first, last=last)
        self.assertEqual((page.status, page.path), (200, "/register?sent=1"), first)
        mail = self.house.mailbox.next(address)
        self.assertEqual((mail.to, len(mail.message["To"].addresses)), (address, 1))
        buyer.open(mail.link)
        page = buyer.follow(buyer.send("/confirm-email"))
        self.house.pass_time(address)
        return self.house.link(address), page

    def test_names_of_every_kind_come_out_as_they_are(self):
        for first in ("=?utf-8?Q?x?=", "<script>alert(1)</script>", "🎭 Emoji", "\u200fעברית\u200e", "O'Neil \"Q\" & Co", "a@x.org, b@x.org", "{{link.url}}", "«link.url»", "${x}", "%s%n",
                      "Ünï" * 20, "x" * 99):
            mail, page = self.mail_of(first)
            self.assertEqual(page.heading, f"{first} Rochat")
            self.assertEqual(mail.to_name, f"{first} Rochat".replace("\u200f", "").replace("\u200e", ""), "marks that turn a line around are left out of headers")
            self.assertIn(first, mail.words)
            self.assertIn(" ".join(first.split()), " ".join(mail.text.split()))
            self.assertEqual(mail.text.count("?token="), 1, "what looks like a field is not merged again")

    def test_line_breaks_and_endless_names_are_refused_at_the_field(self):
        for first in ("Jeanne\r\nBcc: all@x.org", "Jeanne\nX", "Jean\0ne", "x" * 200, b"\xff\xfe"):
            guest = self.browser()
            token = guest.get("/register").form("/register")["fields"]["csrf"]
            answer = guest.post("/register", urllib.parse.urlencode({"csrf": token, "first_name": first, "last_name": "Rochat", "email": "a@example.org",
                                                                      "password": PASSWORD, "password_again": PASSWORD}).encode())
            self.assertEqual(answer.status, 422, first)
            self.assertEqual(list(answer.errors), ["first_name"], first)
        self.house.settle()
        self.assertEqual(self.house.mailbox.to("a@example.org") + self.house.mailbox.to("all@x.org"), [])


class WhereTheLinkPoints(HouseTest):
    def test_forwarding_headers_do_not_move_the_link(self):
        for headers in ([("X-Forwarded-Host", "evil.example")], [("Forwarded", "host=evil.example;proto=http")], [("X-Forwarded-Proto", "http"), ("X-Forwarded-Port", "81")],
                        [("X-Original-Host", "evil.example"), ("X-Host", "evil.example")], [("X-Forwarded-Prefix", "/evil"), ("X-Rewrite-URL", "/evil")]):
            address, guest = self.house.person()
            guest.get("/forgot-password", headers=headers)
            where, pairs = guest.fill("/forgot-password", email=address)
            answer = guest.post(where, pairs, headers=headers)
            self.assertEqual((answer.status, answer.location), (303, "/forgot-password?sent=1"))
            self.assertTrue(self.house.mailbox.next(address).link.startswith(f"{URL}/reset-password?token="))

    def test_the_hosts_spelling_does_not_move_the_link(self):
        for host in ("TICKETS.Example.ORG", "tickets.example.org:443", "tickets.example.org."):
            address, guest = self.house.person()
            page = guest.get("/forgot-password", host=host)
            if page.status == 200:
                where, pairs = guest.fill("/forgot-password", email=address)
                guest.post(where, pairs, host=host)
                self.assertTrue(self.house.mailbox.next(address).link.startswith(f"{URL}/reset-password?token="), host)
            else:
                self.assertIn(page.status, (404, 421), host)

    def test_an_unknown_host_gets_no_shop(self):
        address, guest = self.house.person()
        guest.get("/forgot-password")
        where, pairs = guest.fill("/forgot-password", email=address)
        for host in ("evil.example", "tickets.example.org.evil.example", "evil.example/tickets.example.org", "tickets.example.org@evil.example", "localhost", "127.0.0.1",
                     "tickets.example.org:8080", ""):
            for answer in (guest.get("/forgot-password", host=host, is_kept=False), guest.post(where, pairs, host=host, is_kept=False)):
                self.assertIn(answer.status, (400, 404, 421), host)
                self.assertNotIn("evil", answer.text)
                self.assertEqual(answer.all("Set-Cookie"), [])
        answer = guest.request("GET", "http://evil.example/forgot-password", is_kept=False)
        self.assertNotIn("evil", answer.text)
        self.house.settle()
        self.assertEqual(self.house.mailbox.to(address), [])

    def test_where_one_was_heading_stays_on_this_shop(self):
        for place in ("//evil.example", "https://evil.example/", "https:evil.example", "/\\evil.example", "\\\\evil.example", "/%2f%2fevil.example", "/%5cevil.example", "///evil.example",
                      "/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: x=y", "javascript:alert(1)", "evil.example", ".evil.example", "@evil.example", "/é", "data:text/html,x", "",
                      "/" + "a" * 4000):
            quoted = urllib.parse.quote(place, safe="")
            address, buyer = self.house.person()
            page = buyer.get(f"/signin?next={quoted}")
            if any(c in place for c in "\t\r\n"):
                self.assertEqual(page.status, 400, "no address holds control characters")
                page = buyer.get("/signin")
            self.assertEqual(page.form("/signin")["fields"]["next"], "", place)
            where, pairs = buyer.fill("/signin", email=address, password=PASSWORD, next=place)
            answer = buyer.post(where, pairs)
            if len(place) > 2048 or any(c in place for c in "\t\r\n"):
                self.assertEqual(answer.status, 422, "no field holds this")
                continue
            self.assertEqual((answer.status, answer.location), (303, "/account"), place)
            self.assertIn(buyer.get(f"/signin?next={quoted}").location, ("/account", None), "also for who is signed in")

    def test_where_one_was_heading_stays_on_this_shop_through_the_mail(self):
        for place in ("//evil.example", "/\\evil.example", "https://evil.example/"):
            address, buyer = self.house.person()
            buyer.get("/forgot-password")
            where, pairs = buyer.fill("/forgot-password", email=address, next=place)
            self.assertEqual(buyer.post(where, pairs).location, "/forgot-password?sent=1")
            buyer.open(self.house.mailbox.next(address).link)
            self.assertEqual(buyer.set_password(OTHER_PASSWORD).location, "/account?done=password-changed")


if __name__ == "__main__":
    unittest.main()
