"""Getting into the office: sign-in, second factor, links by mail, idle sign-out, rights, the trail."""
import re
import subprocess
import unittest

from desk import Desk, add_operator, totp
from house import HOUR, OTHER_PASSWORD, PASSWORD, HouseTest, numbers, until


class Office(HouseTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_operator(cls.house, "administrator")  # or the sign-in would lead to the set-up

    def desk(self, profile="manager", **more):
        return Desk(self.house, profile, **more)

    def visitor(self):
        return self.house.browser()

    def signs_in(self, address, password):
        visitor = self.visitor()
        visitor.get("/office/signin")
        return visitor.send("/office/signin", email=address, password=password)

    def idle(self, desk, by=HOUR):
        self.house.data.rows("UPDATE operator_session SET seen_at = seen_at - {} WHERE operator = (SELECT id FROM operator WHERE email = {})", by, desk.email)


class SigningIn(Office):
    def test_without_a_session_every_page_leads_to_the_sign_in_and_back(self):
        visitor, address = self.visitor(), add_operator(self.house, "manager")
        answer = visitor.get("/office/operators")
        self.assertEqual((answer.status, answer.location), (303, "/office/signin?next=%2Foperators"))
        visitor.follow(answer)
        answer = visitor.send("/office/signin", email=address, password=PASSWORD)
        self.assertEqual((answer.status, answer.location), (303, "/office/operators"))

    def test_next_stays_in_the_office(self):
        for bad in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
            visitor, address = self.visitor(), add_operator(self.house, "manager")
            visitor.get("/office/signin")
            answer = visitor.send("/office/signin", email=address, password=PASSWORD, next=bad)
            self.assertEqual((answer.status, answer.location), (303, "/office/"), bad)

    def test_unknown_address_and_wrong_password_answer_alike(self):
        known = add_operator(self.house, "manager")
        answers = [self.signs_in(address, "wrong password").bare() for address in (known, f"operator{next(numbers):05}@example.org")]
        strip = lambda answer: (answer[0], answer[1], re.sub(r"operator\d+@", "", answer[2]))
        self.assertEqual(strip(answers[0]), strip(answers[1]))
        self.assertEqual(answers[0][0], 422)

    def test_a_session_of_the_shop_is_none_here_and_the_other_way_round(self):
        address = self.new_address("both")
        self.house.account(address)
        buyer = self.browser()
        self.assertEqual(buyer.sign_in(address, PASSWORD).status, 303)
        self.assertEqual(buyer.get("/office/").status, 303)
        desk = self.desk()
        self.assertEqual(Desk.__mro__[1].request(desk, "GET", "/account").status, 303)
        self.assertEqual(self.signs_in(address, PASSWORD).status, 422, "a buyer's password opens no office")

    def test_the_session_is_new_at_each_sign_in_and_over_after_sign_out(self):
        desk = self.desk()
        cookie = desk.jar[("__Host-office", "/")]
        desk.get("/")
        answer = desk.send("/signout")
        self.assertEqual(answer.location, "/office/signin?done=signed-out")
        desk.jar[("__Host-office", "/")] = cookie
        self.assertEqual(desk.get("/").status, 303)

    def test_the_cookie_is_closed_to_scripts_and_other_sites(self):
        visitor, address = self.visitor(), add_operator(self.house, "manager")
        visitor.get("/office/signin")
        answer = visitor.send("/office/signin", email=address, password=PASSWORD)
        (cookie,) = [c for c in answer.all("Set-Cookie") if "office=" in c]
        for word in ("__Host-office=", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"):
            self.assertIn(word, cookie)

    def test_a_form_of_another_session_is_refused(self):
        one, other = self.desk(), self.desk()
        one.get("/me")
        other.get("/me")
        _, pairs = one.fill("/me/language")
        self.assertEqual(other.post("/me/language", pairs).status, 403)
        self.assertEqual(one.post("/me/language", pairs, origin="https://evil.example").status, 403)


class ByMail(Office):
    def test_an_invited_operator_chooses_a_password_and_signs_in(self):
        admin, address = self.desk("administrator"), f"new{next(numbers):05}@example.org"
        admin.get("/operators/new")
        where, pairs = admin.fill("/operators/new", name="Nina Roth", email=address)
        page = admin.follow(admin.post(where, [p for p in pairs if p[0] != "context"] + [("context", "box-office")]))
        self.assertEqual((page.status, page.heading), (200, "Nina Roth"))
        self.assertIn("Invited", page.words)
        mail = self.house.mailbox.next(address)
        self.assertTrue(mail.link.startswith("https://tickets.example.org/office/reset-password?token="), mail.link)
        nina = self.visitor()
        page = nina.open(mail.link)
        self.assertEqual((page.status, page.path), (200, "/office/reset-password"))
        answer = nina.send("/office/reset-password", password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
        self.assertEqual((answer.status, answer.location), (303, "/office/signin?done=password-changed"))
        self.assertEqual(nina.get("/office/").status, 303, "a mail signs nobody in")
        self.assertEqual(self.signs_in(address, OTHER_PASSWORD).status, 303)
        self.assertEqual(self.visitor().open(mail.link).status, 410)

    def test_forgotten_is_answered_alike_whoever_it_is(self):
        known, unknown = add_operator(self.house, "manager"), f"operator{next(numbers):05}@example.org"
        answers = []
        for address in (known, unknown):
            visitor = self.visitor()
            visitor.get("/office/forgot-password")
            answer = visitor.send("/office/forgot-password", email=address)
            answers.append((answer.bare(), visitor.follow(answer).bare()))
        self.assertEqual(answers[0], answers[1])
        self.assertIn("/office/reset-password?token=", self.house.mailbox.next(known).link)
        self.assertEqual(self.house.mailbox.to(unknown), [])

    def test_recovery_does_not_switch_off_the_second_factor(self):
        admin = self.desk("administrator")
        visitor = self.visitor()
        visitor.get("/office/forgot-password")
        visitor.send("/office/forgot-password", email=admin.email)
        visitor.open(self.house.mailbox.next(admin.email).link)
        visitor.send("/office/reset-password", password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
        answer = self.signs_in(admin.email, OTHER_PASSWORD)
        self.assertEqual((answer.status, answer.location), (303, "/office/second-factor"))

    def test_operator_add_mails_an_invitation_or_reads_a_password(self):
        address = f"added{next(numbers):05}@example.org"
        out, _ = self.house.run("operator", "add", "--email", address, "--name", "Added", "--profile", "auditor")
        self.assertIn("queued", out)
        self.assertIn("/office/reset-password?token=", self.house.mailbox.next(address).link)
        _, err = self.house.run("operator", "add", "--email", address, "--name", "Again", "--profile", "auditor", status=1)
        self.assertIn("there already", err)
        self.house.run("operator", "add", "--email", "x@example.org", "--name", "X", "--profile", "king", status=2)


class SecondFactor(Office):
    def test_administrators_need_one_before_they_go_on(self):
        address = add_operator(self.house, "administrator")
        admin = self.visitor()
        admin.get("/office/signin")
        page = admin.follow(admin.send("/office/signin", email=address, password=PASSWORD))
        self.assertEqual(page.path, "/office/me/second-factor")
        for path in ("/office/", "/office/operators", "/office/me", "/office/audit"):
            self.assertEqual(admin.get(path).location, "/office/me/second-factor", path)

    def test_its_codes_are_oathtools(self):
        admin = self.desk("administrator")
        def code():
            return subprocess.run(["oathtool", "--totp", "-b", admin.secret], capture_output=True, text=True, check=True).stdout.strip()
        until(lambda: code() == totp(admin.secret), "two clocks agree")
        self.house.data.rows("UPDATE operator SET factor_step = 0 WHERE email = {}", admin.email)
        visitor = self.visitor()
        visitor.get("/office/signin")
        visitor.follow(visitor.send("/office/signin", email=admin.email, password=PASSWORD))
        self.assertEqual(visitor.get("/office/operators").location, "/office/second-factor", "the password alone opens nothing")
        visitor.get("/office/second-factor")
        answer = visitor.send("/office/second-factor", code=f" {code()[:3]} {code()[3:]} ")
        self.assertEqual((answer.status, answer.location), (303, "/office/"))
        self.assertEqual(visitor.get("/office/operators").status, 200)

    def test_wrong_codes_are_limited_and_a_lost_one_is_reset_by_another(self):
        lost, other = self.desk("administrator"), self.desk("administrator")
        visitor = self.visitor()
        visitor.get("/office/signin")
        visitor.follow(visitor.send("/office/signin", email=lost.email, password=PASSWORD))
        statuses = []
        for _ in range(11):
            visitor.get("/office/second-factor")
            statuses.append(visitor.send("/office/second-factor", code="000000").status)
        self.assertEqual(statuses, [422] * 10 + [429])
        number = self.house.data.one("SELECT id FROM operator WHERE email = {}", lost.email)
        lost.get(f"/operators/{number}")
        answer = lost.send(f"/operators/{number}/reset-factor")
        self.assertEqual(answer.status, 422, "not by oneself")
        other.get(f"/operators/{number}")
        page = other.follow(other.send(f"/operators/{number}/reset-factor"))
        self.assertIn("taken off", page.done)
        self.assertIn("second factor", self.house.mailbox.next(lost.email).message["Subject"])
        self.assertEqual(lost.get("/operators").status, 303, "its sessions ended")

    def test_the_command_resets_it_too(self):
        admin = self.desk("administrator")
        self.house.run("operator", "reset-factor", "--email", admin.email)
        self.house.run("operator", "reset-factor", "--email", admin.email, status=1)
        self.assertEqual(self.signs_in(admin.email, PASSWORD).location, "/office/")


class Idle(Office):
    def test_who_was_away_signs_in_again(self):
        desk = self.desk()
        self.idle(desk)
        self.assertEqual(desk.get("/me").location, "/office/signin?next=%2Fme")

    def test_a_form_that_came_too_late_is_kept_offered_and_not_sent_by_itself(self):
        desk = self.desk()
        desk.get("/me")
        where, pairs = desk.fill("/me/language", language="it")
        self.idle(desk)
        answer = desk.post(where, pairs)
        page = desk.follow(answer)
        self.assertIn("has been kept", page.done)
        page = desk.follow(desk.send("/signin", email=desk.email, password=PASSWORD))
        self.assertEqual(page.path, "/office/parked")
        self.assertIn("it", page.words)
        language = lambda: self.house.data.one("SELECT language FROM operator WHERE email = {}", desk.email)
        self.assertEqual(language(), "en", "nothing is sent by itself")
        answer = desk.send("/me/language")
        self.assertEqual((answer.status, language()), (303, "it"))
        self.assertEqual(desk.get("/parked").location, "/office/", "and it is gone")

    def test_it_is_offered_to_its_operator_only_and_can_be_dropped(self):
        desk, other = self.desk(), self.desk()
        desk.get("/me")
        where, pairs = desk.fill("/me/language", language="it")
        self.idle(desk)
        desk.post(where, pairs)
        self.assertEqual(other.get("/parked").location, "/office/")
        desk.get("/signin")
        desk.follow(desk.send("/signin", email=desk.email, password=PASSWORD, next="/parked"))
        desk.send("/parked/drop")
        self.assertEqual(desk.get("/parked").location, "/office/")

    def test_passwords_and_strangers_forms_are_not_kept(self):
        desk = self.desk()
        desk.get("/me/password")
        where, pairs = desk.fill("/me/password", old_password=PASSWORD, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
        desk.get("/me")
        _, foreign = desk.fill("/me/language")
        self.idle(desk)
        self.assertEqual(desk.post(where, pairs).location, "/office/signin?done=idle")
        self.assertEqual(desk.post("/me/language", [(n, "x" if n == "csrf" else v) for n, v in foreign]).status, 403)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM operator_parked WHERE operator = (SELECT id FROM operator WHERE email = {})", desk.email), 0)


class Rights(Office):
    def test_every_way_is_open_to_the_profiles_that_the_page_names_and_to_no_other(self):
        titles = {"Administrator": "administrator", "Manager": "manager", "Box office": "box-office", "Accountant": "accountant", "Auditor": "auditor"}
        desks = {title: self.desk(profile) for title, profile in titles.items()}
        page = desks["Administrator"].get("/rights")
        rows = re.findall(r"<code>(GET|POST) ([^<]+)</code></th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>", page.text)
        self.assertGreater(len(rows), 30)
        for method, pattern, _, who in rows:
            if method == "POST" or pattern in ("/signin", "/second-factor"):
                continue
            path = re.sub(r":[A-Z]+", "999999", pattern)
            for title, desk in desks.items():
                status = desk.get(path, is_kept=False).status
                self.assertEqual(status != 403, title in who.split(", "), f"{pattern} for {title}: {status}")

    def test_a_post_without_the_right_changes_nothing(self):
        auditor = self.desk("auditor")
        number = self.house.data.one("SELECT id FROM operator WHERE email = {}", auditor.email)
        self.assertEqual(auditor.post(f"/operators/{number}/block", {}).status, 403)
        self.assertEqual(self.house.data.one("SELECT state FROM operator WHERE id = {}", int(number)), "active")

    def test_ids_of_another_house_are_not_found(self):
        other = self.house.data.one(
            "INSERT INTO institution (name, zone, currency, main_language, street, house_number, postcode, town, country, phone, email, made_at)"
            " VALUES ('Other', 'UTC', 'CHF', 'en', '', '', '', '', 'CH', '', '', 1) RETURNING id")
        stranger = self.house.data.one(
            "INSERT INTO operator (institution, name, email, email_key, language, state, made_at, mailed_at, version, factor_is_on, factor_step)"
            " VALUES ({}, 'Stranger', 's@example.net', 's@example.net', 'en', 'invited', 1, 0, 1, FALSE, 0) RETURNING id", int(other))
        admin = self.desk("administrator")
        self.assertEqual(admin.get(f"/operators/{stranger}").status, 404)
        mine = self.house.data.one("SELECT id FROM operator WHERE email = {}", admin.email)
        admin.get(f"/operators/{mine}")
        for deed in ("", "/block", "/sign-out"):
            _, pairs = admin.fill(f"/operators/{mine}{deed}") if admin.page.has_form(f"/office/operators/{mine}{deed}") else (None, [])
            self.assertEqual(admin.post(f"/operators/{stranger}{deed}", pairs).status, 404, deed)
            admin.get(f"/operators/{mine}")
        self.assertNotIn("Stranger", admin.get("/operators").words)


class Trail(Office):
    def test_what_was_done_is_found_exported_and_sealed(self):
        admin = self.desk("administrator")
        address = f"trail{next(numbers):05}@example.org"
        admin.get("/operators/new")
        where, pairs = admin.fill("/operators/new", name="=HYPERLINK(1)", email=address)
        admin.post(where, [p for p in pairs if p[0] != "context"] + [("context", "auditor")])
        page = admin.get(f"/audit?q={address}")
        self.assertIn("Made an operator", page.words)
        self.assertIn(admin.network, page.words)
        page = admin.get(f"/audit/trail.csv?q={address}")
        self.assertEqual(page.header("Content-Type"), "text/csv; charset=utf-8")
        self.assertIn(address, page.text)
        until(lambda: self.house.data.count("SELECT count(*) FROM audit_unsealed") == 0, "all is sealed")
        out, _ = self.house.run("doctor", "--secret-dir", self.house.keys, "--mail", self.house.mail)
        self.assertRegex(out, r"(?m)^ok     audit ")

    def test_doctor_finds_an_altered_row(self):
        self.desk()
        until(lambda: self.house.data.count("SELECT count(*) FROM audit_unsealed") == 0, "all is sealed")
        before = self.house.data.one("SELECT verb FROM audit_entry ORDER BY id LIMIT 1")
        self.house.data.rows("UPDATE audit_entry SET verb = 'nothing' WHERE id = (SELECT min(id) FROM audit_entry)")
        out, _ = self.house.run("doctor", "--secret-dir", self.house.keys, "--mail", self.house.mail, status=1)
        self.house.data.rows("UPDATE audit_entry SET verb = {} WHERE id = (SELECT min(id) FROM audit_entry)", before)
        self.assertRegex(out, r"(?m)^to do  audit .*was altered")

    def test_no_secret_stands_in_it(self):
        admin = self.desk("administrator")
        for table in ("audit_entry", "operator", "operator_session", "operator_recovery_code"):
            rows = str(self.house.data.rows(f"SELECT * FROM {table}"))
            for secret in (PASSWORD, admin.secret, admin.jar[("__Host-office", "/")], admin.codes[0].replace(" ", "")):
                self.assertNotIn(secret, rows, table)


if __name__ == "__main__":
    unittest.main()
