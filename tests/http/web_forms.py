# engines: none
"""Forms: the token that ties them to a browser, what a handler gets of their fields, files, cookies."""
import unittest

from web_probe import ProbeTest

SESSION = "A" * 43
OTHER_SESSION = "B" * 42 + "A"


def cookies(answer):
    """Name → (value, attributes) of an answer's cookies."""
    found = {}
    for line in answer.all("Set-Cookie"):
        first, *rest = line.split("; ")
        name, value = first.split("=", 1)
        found[name] = (value, set(rest))
    return found


class Csrf(ProbeTest):
    def form(self, host=None, cookie=None):
        """Opens the form: its token and the Cookie header that goes with it."""
        answer = self.probe.get("/form", [("Cookie", cookie)] if cookie else [], host=host)
        new = "; ".join(f"{n}={v}" for n, (v, _) in cookies(answer).items())
        return answer.text(), "; ".join(c for c in (cookie, new) if c)

    def post(self, token, cookie, extra=(), host=None, path="/form"):
        headers = ([("Cookie", cookie)] if cookie else []) + list(extra)
        return self.probe.request("POST", path, headers, form=f"name=x&csrf={token}", host=host).status

    def test_a_guest_gets_a_cookie_with_the_form_only(self):
        self.assertEqual(cookies(self.probe.get("/")), {})
        answer = self.probe.get("/form")
        (name, (value, attributes)), = cookies(answer).items()
        self.assertEqual((name, attributes), ("guest-plain", {"Path=/", "HttpOnly", "SameSite=Lax"}))
        self.assertEqual(len(value), 43)
        again = self.probe.get("/form", [("Cookie", f"{name}={value}")])
        self.assertEqual(cookies(again), {}, "who has one keeps it")

    def test_a_token_is_another_each_time_so_that_nothing_can_be_told_from_a_packed_pages_size(self):
        token, cookie = self.form()
        others = [self.form(cookie=cookie)[0] for _ in range(8)]
        self.assertEqual(len({token, *others}), 9)
        for n in range(0, 84, 12):
            self.assertGreater(len({t[n:n + 12] for t in others}), 1, "no part of it stays")
        for each in (token, *others):
            self.assertEqual(self.post(each, cookie), 200)
        self.assertEqual(self.post(token[:43] + others[0][43:], cookie), 403)

    def test_the_form_is_taken_from_the_browser_it_was_shown_in(self):
        token, cookie = self.form()
        self.assertEqual(self.post(token, cookie), 200)
        self.assertEqual(self.post(token, cookie, [("Origin", f"http://{self.probe.host}")]), 200)
        self.assertEqual(self.post(token, cookie, [("Referer", f"http://{self.probe.host}/form")]), 200)

    def test_without_or_with_another_token_it_is_refused(self):
        token, cookie = self.form()
        foreign, foreign_cookie = self.form()
        flipped = ("A" if token[0] != "A" else "B") + token[1:]
        for bad in ("", foreign, flipped, token[:-1], token + "A", token.lower(), "x" * 5000):
            self.assertEqual(self.post(bad, cookie), 403, bad)
        self.assertEqual(self.post(token, None), 403)
        self.assertEqual(self.post(token, foreign_cookie), 403)
        self.assertEqual(self.post(token, "guest-plain=short"), 403)
        self.assertEqual(self.post(token + "&csrf=" + token, cookie), 403)
        self.assertEqual(self.probe.request("POST", "/form", [("Cookie", cookie)], form="name=x").status, 403)
        self.assertEqual(self.probe.request("POST", "/form", [("Cookie", cookie)]).status, 403)

    def test_a_token_in_the_query_is_none(self):
        token, cookie = self.form()
        self.assertEqual(self.probe.request("POST", f"/form?csrf={token}", [("Cookie", cookie)], form="name=x").status, 403)

    def test_a_foreign_page_uses_up_nobodys_limit(self):
        self.assertEqual(self.post("", None, path="/limited"), 403, "counted before the token was looked at, it would be 429")

    def test_from_another_origin_it_is_refused(self):
        token, cookie = self.form()
        for origin in ("null", "http://evil.example", f"https://{self.probe.host}", f"http://{self.probe.host}.evil.example", f"http://evil@{self.probe.host}", "x"):
            self.assertEqual(self.post(token, cookie, [("Origin", origin)]), 403, origin)
        for referer in ("http://evil.example/", f"http://{self.probe.host}.evil.example/", f"http://{self.probe.host}evil/"):
            self.assertEqual(self.post(token, cookie, [("Referer", referer)]), 403, referer)
        self.assertEqual(self.post(token, cookie, [("Origin", "null"), ("Referer", f"http://{self.probe.host}/form")]), 403, "Origin counts before Referer")

    def test_a_token_is_for_its_own_form(self):
        token, cookie = self.form()
        self.assertEqual(self.post(token, cookie, path="/things/1"), 403)

    def test_a_session_has_tokens_of_its_own(self):
        mine, _ = self.form(cookie=f"session-plain={SESSION}")
        guest, guest_cookie = self.form()
        self.assertEqual(self.post(mine, f"session-plain={SESSION}"), 200)
        self.assertEqual(self.post(mine, f"session-plain={OTHER_SESSION}"), 403)
        self.assertEqual(self.post(guest, f"session-plain={SESSION}; {guest_cookie}"), 403, "signed in since the form was shown")
        self.assertEqual(self.post(mine, guest_cookie), 403, "signed out since")

    def test_two_points_of_sale_share_nothing(self):
        token, cookie = self.form(host="secure.example")
        value = cookie.split("=", 1)[1]
        self.assertEqual(self.post(token, cookie, host="secure.example"), 200)
        self.assertEqual(self.post(token, f"guest-plain={value}"), 403)


class Cookies(ProbeTest):
    def test_flags_behind_https(self):
        found = cookies(self.probe.get("/signin", host="secure.example"))
        self.assertEqual(list(found), ["__Host-session-secure"])
        self.assertEqual(found["__Host-session-secure"][1], {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"})
        found = cookies(self.probe.get("/tickets/link?token=abc", host="prefixed.example"))
        self.assertEqual(found["__Secure-link"], ("abc", {"Path=/tickets/form", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=1800"}), "the last word counts")
        self.assertEqual(found["__Host-session-prefixed"][0], "")
        self.assertIn("Max-Age=0", found["__Host-session-prefixed"][1])

    def test_names_are_apart_by_point_of_sale_and_by_tls(self):
        said = lambda name, host=None: self.probe.get("/cookie", [("Cookie", f"{name}=value")], host=host).value("session")
        self.assertEqual(said("session-plain"), "value")
        self.assertEqual(said("__Host-session-secure", "secure.example"), "value")
        for name in ("session-secure", "__Host-session-plain", "session"):
            self.assertEqual(said(name, "secure.example"), "")

    def test_what_is_read(self):
        said = lambda value: self.probe.get("/cookie", [("Cookie", value)]).value("session")
        self.assertEqual(said("a=b; session-plain=x; c"), "x")
        self.assertEqual(said("a=b;session-plain=x=y"), "x=y")
        self.assertEqual(said("session-plain=x; session-plain=x"), "x")
        self.assertEqual(said("session-plain=x; session-plain=y"), "", "two claims: neither is believed")
        for bad in ("", "session-plain", "session-plain=", 'session-plain="x"', "session-plain=ä", "session-plain=" + "x" * 513, "Session-Plain=x", "xsession-plain=x"):
            self.assertEqual(said(bad), "", bad)


class Fields(ProbeTest):
    def post(self, form, accept="en"):
        return self.probe.request("POST", "/open", [("Accept-Language", accept)], form=form)

    def test_values_are_read_as_typed(self):
        answer = self.post("name=+Z%C3%BCrich+%26+%2B%F0%9F%8E%AD%C2%A0&password=+a+&notes=a%0D%0Ab%0Dc%0Ad%09e&seat=1-a&seat=2-b&places-2-full=3&places-x=&other=1")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.value("name"), "Zürich & +🎭")
        self.assertEqual(answer.value("password"), "3 bytes", "not trimmed")
        self.assertEqual(answer.value("shown"), "0 bytes", "never sent back")
        self.assertEqual(bytes.fromhex(answer.value("notes")), b"a\nb\nc\nd\te")
        self.assertIn("seat=1-a\nseat=2-b\n", answer.text())
        self.assertEqual(answer.value("places-2-full"), "3")

    def test_each_bad_value_is_a_finding_at_its_field(self):
        for bad in ("%00", "a%00b", "%ff", "%c3", "%ed%a0%80", "a%0d%0ab", "a%09b", "%1b", "%7f", "%c2%85"):
            answer = self.post(f"name={bad}")
            self.assertEqual((answer.status, answer.text().split("\n")[0]), (422, "problem name This contains characters that can’t be used. Type it again."), bad)
            self.assertEqual(answer.value("name"), "")
        for bad in ("%00", "%ff", "%1b", "a%c2%85b", "a%0bb"):
            self.assertIn("problem notes", self.post(f"name=x&notes={bad}").text(), bad)
        self.assertIn("problem password", self.post("name=x&password=a%00b").text())

    def test_bounds(self):
        self.assertEqual(self.post("name=" + "%C3%BC" * 40).status, 200)
        answer = self.post("name=" + "%C3%BC" * 41)
        self.assertIn("problem name This is too long: at most 40 characters.", answer.text())
        self.assertEqual(self.post("name=x&password=" + "a" * 256).status, 200)
        self.assertEqual(self.post("name=x&password=" + "a" * 257).status, 422)

    def test_missing_and_twice(self):
        for missing in ("", "name=", "name=+%C2%A0+", "other=1"):
            self.assertIn("problem name Please fill this in.", self.post(missing).text(), missing)
        answer = self.post("name=a&name=b")
        self.assertEqual((answer.status, answer.value("name")), (422, ""))
        self.assertIn("problem name", answer.text())
        self.assertEqual(self.post("name[]=a").status, 422)

    def test_all_findings_at_once_in_the_visitors_language(self):
        answer = self.post("name=&password=%00", accept="de-CH")
        self.assertEqual([line for line in answer.text().split("\n") if line.startswith("problem")],
                         ["problem name Bitte ausfüllen.", "problem password Darin sind Zeichen, die nicht verwendet werden können. Geben Sie es neu ein."])

    def test_what_is_no_form_is_refused(self):
        self.assertEqual(self.post("name=%zz").status, 400)
        self.assertEqual(self.post("&".join(f"f{i}=1" for i in range(201))).status, 413)
        self.assertEqual(self.post("&".join(f"f{i}=1" for i in range(199)) + "&name=x").status, 200)
        for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", "", "application/x-www-form-urlencodedx"):
            self.assertEqual(self.probe.request("POST", "/open", [("Content-Type", kind)] if kind else [], b"name=x").status, 415, kind)
        self.assertEqual(self.probe.request("POST", "/open", [("Content-Type", "Application/X-WWW-Form-URLencoded; charset=UTF-8")], b"name=x").status, 200)


class Passwords(ProbeTest):
    """What was typed stays nowhere in the process once the answer has been sent (recovery-cases 32)."""

    MAPPING_MAX = 256 << 20  # larger ones are the sanitizer's own shadow

    def places(self, word):
        """The mappings of the server's memory in which WORD stands."""
        found = []
        with open(f"/proc/{self.probe.process.pid}/maps") as maps, open(f"/proc/{self.probe.process.pid}/mem", "rb", 0) as memory:
            for line in maps:
                span, rights, *_ = line.split()
                begin, end = (int(x, 16) for x in span.split("-"))
                if not rights.startswith("rw") or end - begin > self.MAPPING_MAX:
                    continue
                try:
                    memory.seek(begin)
                    if word in memory.read(end - begin):
                        found.append(line.strip())
                except OSError:
                    pass
        return found

    def test_a_password_is_gone_after_the_request(self):
        c = self.probe.connect()
        typed, named = b"copper-meadow-17-umbrella", b"Violet-Harbour-92-Trombone"
        answer = self.probe.request("POST", "/open", form=b"password=" + typed + b"&name=x", connection=c)
        self.assertEqual(answer.value("password"), "25 bytes")
        self.probe.log_line(answer.one("X-Request-Id"))
        self.assertEqual(self.places(typed), [])
        answer = self.probe.get("/echo?q=" + named.decode(), connection=c)
        self.assertNotEqual(self.places(named), [], "the search itself finds what is there")
        c.close()


class Files(ProbeTest):
    def post(self, parts, boundary="xYz", end="--"):
        body = b""
        for head, value in parts:
            body += f"--{boundary}\r\n".encode() + head.encode() + b"\r\n\r\n" + value + b"\r\n"
        body += f"--{boundary}{end}\r\n".encode()
        return self.probe.request("POST", "/upload", [("Content-Type", f'multipart/form-data; boundary="{boundary}"')], body)

    def file(self, value, name="a.docx"):
        return (f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/zip', value)

    def test_small_and_large_files_arrive_whole(self):
        for size in (0, 1, 1000, 65_536, 200_000, 5_000_000):
            data = bytes(range(256)) * (size // 256) + b"\r\n--x" * 0 + b"z" * (size % 256)
            answer = self.post([('Content-Disposition: form-data; name="language"', b"fr"), self.file(data)])
            self.assertEqual((answer.status, answer.value("bytes"), answer.value("sum")), (200, str(size), str(sum(data))), size)
        self.assertEqual((answer.value("name"), answer.value("type")), ("a.docx", "application/zip"))

    def test_a_boundary_inside_is_data(self):
        data = b"\r\n--xY\r\n--xyz--\r\n-- xYz"
        self.assertEqual(self.post([self.file(data)]).value("bytes"), str(len(data)))

    def test_names_lose_their_folders(self):
        for sent, shown in (("C:\\fakepath\\a.docx", "a.docx"), ("../../etc/passwd", "passwd"), ("Zürich %22x%22.docx", 'Zürich "x".docx'), ("a%0D%0Ab", ""), ("x" * 300, "")):
            self.assertEqual(self.post([self.file(b"x", sent)]).value("name"), shown)

    def test_what_is_no_upload_is_refused(self):
        self.assertEqual(self.post([]).status, 422)
        self.assertEqual(self.post([self.file(b"", "")]).status, 422, "no file chosen")
        self.assertEqual(self.post([self.file(b"a"), self.file(b"b")]).status, 422, "two")
        self.assertEqual(self.post([("X: y", b"a")]).status, 400)
        self.assertEqual(self.post([('Content-Disposition: attachment; name="file"', b"a")]).status, 400)
        self.assertEqual(self.post([self.file(b"a")], end="").status, 400, "no end")
        self.assertEqual(self.post([self.file(b"a")] * 201).status, 413)
        for body in (b"", b"--xYz", b"--xYz\r\n", b"--xYz\r\n\r\n--xYz--", b"junk\r\n--xYz--", b"\r\n--xYz--"):
            answer = self.probe.request("POST", "/upload", [("Content-Type", "multipart/form-data; boundary=xYz")], body)
            self.assertIn(answer.status, (400, 422), body)
        for kind in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 71, "multipart/mixed; boundary=x"):
            self.assertEqual(self.probe.request("POST", "/upload", [("Content-Type", kind)], b"--x--").status, 415, kind)


if __name__ == "__main__":
    unittest.main()
