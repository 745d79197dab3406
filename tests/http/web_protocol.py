# engines: none
"""HTTP itself: what is answered, what is refused, what is written down."""
import base64
import gzip
import re
import threading
import time
import unittest

from web_probe import ProbeTest, PATIENCE

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Answering(ProbeTest):
    def test_a_connection_carries_many_requests(self):
        c = self.probe.connect()
        for i in range(20):
            self.assertEqual(self.probe.get(f"/echo?q={i}", connection=c).value("q"), str(i))
        c.close()

    def test_pipelined_requests_are_answered_in_order(self):
        c = self.probe.connect()
        paths = ["/echo?q=0", "/slow?ms=50", "/echo?q=2", "/nothing", "/echo?q=4"]
        c.send("".join(f"GET {p} HTTP/1.1\r\nHost: {self.probe.host}\r\n\r\n" for p in paths).encode())
        answers = [c.answer() for _ in paths]
        self.assertEqual([a.status for a in answers], [200, 200, 200, 404, 200])
        self.assertEqual([answers[i].value("q") for i in (0, 2, 4)], ["0", "2", "4"])
        c.close()

    def test_http_1_0_is_answered_and_closed(self):
        c = self.probe.connect()
        self.assertEqual(self.probe.get("/echo", version="HTTP/1.0", connection=c).status, 200)
        self.assertTrue(c.is_closed())
        c.close()

    def test_head_has_the_headers_of_get_and_no_body(self):
        for path in ("/?size=3000", "/nothing", "/assets/probe.22.css"):
            get, head = self.probe.get(path), self.probe.request("HEAD", path)
            self.assertEqual((head.status, head.body), (get.status, b""))
            ours = lambda a: [(n, v) for n, v in a.headers if n not in ("Date", "X-Request-Id")]
            self.assertEqual(ours(head), ours(get))

    def test_unknown_path_is_404(self):
        for path in ("/nothing", "/form/", "//form", "/things/", "/things/1/2", "/things/%00", "/things/%ff", "/things/..", "/things/%2e%2e", "/bills/.pdf", "/things/%zz"):
            self.assertEqual(self.probe.get(path).status, 404, path)

    def test_wrong_method_is_405_with_allow(self):
        self.assertEqual(self.probe.get("/open").one("Allow"), "POST")
        self.assertEqual(self.probe.request("POST", "/echo").one("Allow"), "GET, HEAD")
        answer = self.probe.request("DELETE", "/form")
        self.assertEqual((answer.status, answer.one("Allow")), (405, "GET, HEAD, POST"))
        self.assertEqual(self.probe.request("OPTIONS", "/form").status, 405)

    def test_segments_are_decoded_after_routing(self):
        for raw, value in (("a", "a"), ("a%2Fb", "a/b"), ("%41%20b+c", "A b+c"), ("Z%C3%BCrich", "Zürich"), ("%2525", "%25"), ("..%2f..%2fetc", "../../etc")):
            self.assertEqual(self.probe.get(f"/things/{raw}").value("segment"), value)
        self.assertEqual(self.probe.get("/bills/17.pdf").value("segment"), "17")
        self.assertEqual(self.probe.get("/%65cho").status, 200)

    def test_a_parameter_that_comes_twice_is_refused(self):
        self.assertEqual(self.probe.get("/echo?token=a").value("token"), "a")
        for query in ("token=A&token=B", "token=A&%74oken=A", "q=%00", "q=%ff", "q=a%0d%0ab", "q=%", "&".join(f"p{i}=1" for i in range(51))):
            self.assertEqual(self.probe.get("/echo?" + query).status, 400, query)
        self.assertEqual(self.probe.get("/echo?token[]=B&token=A").value("token"), "A")

    def test_query_is_decoded_once(self):
        self.assertEqual(self.probe.get("/echo?q=a%2520b+c%26").value("q"), "a%20b c&")

    def test_health_is_answered_under_any_name(self):
        for path in ("/healthz", "/readyz"):
            self.assertEqual(self.probe.get(path, host="anything.example").status, 200)

    def test_unknown_host_is_421_and_unknown_place_404(self):
        for host in ("evil.example", "evil.example:80", "prefixed.example.evil"):
            self.assertEqual(self.probe.get("/", host=host).status, 421)
        self.assertEqual(self.probe.get("/", host="prefixed.example").status, 404)
        self.assertEqual(self.probe.get("/ticketsx", host="prefixed.example").status, 404)

    def test_forwarded_host_headers_say_nothing(self):
        answer = self.probe.get("/echo", [("X-Forwarded-Host", "secure.example"), ("Forwarded", "host=secure.example")])
        self.assertEqual(answer.value("host"), self.probe.host)

    def test_an_absolute_target_stands_for_the_host(self):
        answer = self.probe.get("http://secure.example/echo?q=1")
        self.assertEqual((answer.value("host"), answer.value("path"), answer.value("q")), ("secure.example", "/echo", "1"))
        self.assertEqual(self.probe.get("http://evil.example/echo").status, 421)

    def test_a_prefix_is_taken_off_and_put_back(self):
        answer = self.probe.get("/tickets/things/7", host="prefixed.example")
        self.assertEqual((answer.value("path"), answer.value("prefix"), answer.value("link")), ("/things/7", "/tickets", "/tickets/here"))
        self.assertEqual(self.probe.get("/tickets", host="prefixed.example").status, 200)
        self.assertEqual(self.probe.get("/tickets/signin?next=/account", host="prefixed.example").one("Location"), "/tickets/account")
        self.assertEqual(self.probe.get("/tickets/assets/logo.11.svg", host="prefixed.example").status, 200)
        self.assertEqual(self.probe.get("/tickets/asset-name", host="prefixed.example").text(), "/tickets/assets/probe.22.css")

    def test_redirects_stay_here(self):
        for bad in ("//evil", "https:evil", "https://evil", "/\\evil", "/%252f%252fevil", "/%255cevil", "", "evil", "/a b", "/ä"):
            self.assertEqual(self.probe.get("/signin?next=" + bad.replace("\\", "%5c").replace(" ", "%20").replace("ä", "%C3%A4")).one("Location"), "/", bad)
        self.assertEqual(self.probe.get("/signin?next=/account?tab=2").one("Location"), "/account?tab=2")

    def test_languages(self):
        said = lambda path, accept, **more: self.probe.get(path, [("Accept-Language", accept)], **more).value("language")
        self.assertEqual(said("/echo", "fr-CH, en;q=0.5"), "fr")
        self.assertEqual(said("/echo?lang=it", "fr"), "it")
        self.assertEqual(said("/echo?lang=xx", "fr"), "fr")
        self.assertEqual(said("/tickets/echo", "en", host="prefixed.example"), "de", "only what the point of sale speaks")
        self.assertEqual(said("/tickets/echo?lang=en", "fr", host="prefixed.example"), "fr")
        session = [("Cookie", "session-plain=" + "A" * 43), ("Accept-Language", "fr")]
        self.assertEqual(self.probe.get("/echo?account=1", session).value("language"), "it", "the account's comes before the browser's")
        self.assertEqual(self.probe.get("/echo?account=1&lang=de", session).value("language"), "de")

    def test_the_client_is_the_peer_whatever_it_claims(self):
        self.assertEqual(self.probe.get("/echo", [("X-Forwarded-For", "203.0.113.9")]).value("client"), "127.0.0.1")

    def test_needs_are_enforced_before_the_handler(self):
        self.assertEqual(self.probe.get("/private").one("Location"), "/signin")
        answer = self.probe.get("/private", [("Cookie", "session-plain=" + "A" * 43)])
        self.assertEqual((answer.status, answer.one("Cache-Control")), (200, "no-store"))
        answer = self.probe.get("/limited")
        self.assertEqual(answer.status, 429)
        self.assertTrue(int(answer.one("Retry-After")) > 0)

    def test_assets_are_immutable_and_compressed(self):
        answer = self.probe.get("/assets/probe.22.css")
        self.assertEqual((answer.body, answer.one("Content-Encoding"), answer.one("Vary")), (b"body{}", None, "Accept-Encoding"))
        self.assertEqual(answer.one("Cache-Control"), "public, max-age=31536000, immutable")
        for accept, coding, body in (("gzip, deflate, br", "br", b"BROTLI"), ("gzip", "gzip", b"GZIP"), ("br;q=0, gzip;q=0", None, b"body{}"), ("gzip;q=1, br;q=0.5", "gzip", b"GZIP")):
            answer = self.probe.get("/assets/probe.22.css", [("Accept-Encoding", accept)])
            self.assertEqual((answer.one("Content-Encoding"), answer.body), (coding, body), accept)
        self.assertEqual(self.probe.get("/assets/logo.11.svg", [("Accept-Encoding", "br")]).body, b"<svg/>")
        answer = self.probe.get("/assets/probe.22.css", [("If-None-Match", '"22"')])
        self.assertEqual((answer.status, answer.body), (304, b""))
        for path in ("/assets/probe.23.css", "/assets/", "/assets/../echo", "/assets/probe.css"):
            self.assertEqual(self.probe.get(path).status, 404, path)
        self.assertEqual(self.probe.request("POST", "/assets/probe.22.css").status, 405)

    def test_a_large_page_that_asks_for_it_is_packed_for_who_takes_that(self):
        plain = self.probe.get("/packed?size=40000")
        self.assertEqual((len(plain.body), plain.one("Content-Encoding"), plain.one("Vary")), (40000, None, "Accept-Encoding"))
        answer = self.probe.get("/packed?size=40000", [("Accept-Encoding", "gzip, deflate, br")])
        self.assertEqual((answer.one("Content-Encoding"), answer.one("Vary")), ("gzip", "Accept-Encoding"))
        self.assertEqual(gzip.decompress(answer.body), plain.body)
        self.assertLess(len(answer.body), 4000)
        for path, accept in (("/packed?size=40000", "gzip;q=0"), ("/packed?size=40000", "br"), ("/packed?size=2000", "gzip"), ("/?size=40000", "gzip")):
            answer = self.probe.get(path, [("Accept-Encoding", accept)])
            self.assertEqual(answer.one("Content-Encoding"), None, (path, accept))
            self.assertTrue(answer.body.startswith(b"<!DOCTYPE html>"))

    def test_what_may_be_kept(self):
        cache = lambda path, **more: self.probe.get(path, **more).one("Cache-Control")
        self.assertEqual(cache("/"), "no-cache")
        self.assertEqual(cache("/cached"), "public, max-age=300")
        for path in ("/form", "/link?token=x", "/echo?token=x", "/nothing", "/private", "/healthz"):
            self.assertEqual(cache(path), "no-store", path)
        self.assertEqual(self.probe.request("POST", "/open", form="name=x").one("Cache-Control"), "no-store")

    def test_a_download_has_a_safe_name(self):
        said = self.probe.get("/download").one("Content-Disposition")
        self.assertEqual(said, "attachment; filename=\"Fakt__r _1___.pdf\"; filename*=UTF-8''Fakt%C3%BCr%20%221%22%0D%0A.pdf")


class Envelopes(ProbeTest):
    """The library's answers serve again for others of the same size (web/stock.c): nothing of one may be seen in the next."""

    def setUp(self):
        self.c = self.probe.connect()  # one connection: one polling thread, and so the same envelopes

    def tearDown(self):
        self.c.close()

    def test_cookies_and_ids_are_of_one_answer_alone(self):
        ids, tokens = set(), {}
        for i in range(60):
            letter = "ABC"[i % 3]
            guest = [("Cookie", f"guest-plain={letter * 42}A")] if i % 2 else []
            answer = self.probe.get("/form", guest, connection=self.c)
            self.assertEqual(len(answer.all("Set-Cookie")), 0 if guest else 1)
            self.assertIsNotNone(answer.one("X-Request-Id"))
            ids.add(answer.one("X-Request-Id"))
            if guest:
                mask_and_token = base64.urlsafe_b64decode(answer.body + b"==")
                token = bytes(a ^ b for a, b in zip(mask_and_token[:32], mask_and_token[32:]))
                self.assertEqual(tokens.setdefault(letter, token), token)
        self.assertEqual(len(ids), 60)
        self.assertEqual(len(set(tokens.values())), 3)

    def test_answers_of_one_size_keep_their_own_headers(self):
        said = lambda path, **more: self.probe.get(path, connection=self.c, **more)
        for _ in range(3):
            self.assertEqual(said("/form", host="secure.example").one("Strict-Transport-Security"), "max-age=31536000")
            self.assertIsNone(said("/form").one("Strict-Transport-Security"))
            self.assertEqual(said("/?size=43").one("Content-Type"), "text/html; charset=utf-8")
            self.assertIn("sandbox", said("/preview?size=43").one("Content-Security-Policy"))
            self.assertNotIn("sandbox", said("/?size=43").one("Content-Security-Policy"))
            self.assertEqual(said("/signin?next=/a").one("Location"), "/a")
            self.assertEqual(said("/signin?next=/b").one("Location"), "/b")

    def test_many_cookies_and_many_kinds(self):
        for i in range(100):
            answer = self.probe.get(f"/signin?next=/{i}", connection=self.c)
            self.assertEqual((answer.one("Location"), len(answer.all("Set-Cookie"))), (f"/{i}", 1))
            self.assertEqual(len(self.probe.get("/link?token=x", connection=self.c).all("Set-Cookie")), 2)

    def test_answers_that_wait_for_their_readers_are_not_mixed(self):
        letters, count = "abcdefgh", 150
        readers = [self.probe.connect(is_narrow=True) for _ in letters]
        senders = []
        for letter, c in zip(letters, readers):
            asked = f"GET /echo?q={letter * 2000} HTTP/1.1\r\nHost: {self.probe.host}\r\n\r\n".encode() * count
            senders.append(threading.Thread(target=c.send, args=(asked,)))
            senders[-1].start()
        time.sleep(0.5)  # until none can send more, and each is in the middle of an answer
        for _ in range(count):
            for letter, c in zip(letters, readers):
                self.assertEqual(c.answer().value("q"), letter * 2000)
        for s, c in zip(senders, readers):
            s.join()
            c.close()


class SecurityHeaders(ProbeTest):
    PATHS = ["/", "/echo", "/things/1", "/bills/1.pdf", "/form", "/slow", "/signin", "/link", "/private", "/limited", "/cookie", "/download", "/cached", "/asset-name",
             "/fail?status=500", "/fail?status=409", "/nothing", "/open", "/echo?q=1&q=2", "/assets/logo.11.svg", "/assets/nothing", "/healthz", "/readyz"]

    def check(self, answer, what):
        for name, value in SECURITY.items():
            self.assertEqual(answer.one(name), value, f"{what}: {name}")
        policy = answer.one("Content-Security-Policy")
        for part in ("default-src 'none'", "style-src 'self'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
            self.assertIn(part, policy, what)
        self.assertNotIn("unsafe", policy, what)
        self.assertRegex(answer.one("X-Request-Id"), "^[0-9a-f]{16}$")

    def test_every_answer_has_them(self):
        for path in self.PATHS:
            for method in ("GET", "HEAD", "POST", "PUT"):
                self.check(self.probe.request(method, path), f"{method} {path}")

    def test_refusals_of_the_head_have_them(self):
        host = f"Host: {self.probe.host}\r\n"
        self.check(self.probe.raw(f"GET / HTTP/1.1\r\n{host}{host}\r\n".encode())[0], "two hosts")
        self.check(self.probe.get("/", host="evil.example"), "unknown host")
        self.check(self.probe.request("POST", "/open", [("Content-Type", "text/plain")], b"x"), "415")
        self.check(self.probe.request("POST", "/open", form="x" * 70000), "413")
        self.check(self.probe.request("POST", "/form", form="name=x"), "403")

    def test_hsts_only_where_the_public_url_is_https(self):
        self.assertIsNone(self.probe.get("/").one("Strict-Transport-Security"))
        self.assertIn("max-age=", self.probe.get("/", host="secure.example").one("Strict-Transport-Security"))

    def test_an_address_with_a_token_is_no_referrer(self):
        self.assertEqual(self.probe.get("/link?token=x").one("Referrer-Policy"), "no-referrer")
        self.assertEqual(self.probe.get("/form").one("Referrer-Policy"), "same-origin")

    def test_the_preview_has_a_policy_of_its_own(self):
        policy = self.probe.get("/preview").one("Content-Security-Policy")
        for part in ("default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "frame-ancestors 'self'", "form-action 'none'", "sandbox"):
            self.assertIn(part, policy)
        self.assertNotIn("script-src", policy)
        self.assertNotIn("allow-scripts", policy)
        self.assertNotIn("allow-same-origin", policy)


class Refusing(ProbeTest):
    """What could be read in two ways, by us and by a proxy before us, is answered 400 and the connection ends."""

    def refused(self, head, status=400):
        answer, is_closed = self.probe.raw(head.replace("HOST", f"Host: {self.probe.host}").encode("latin-1"))
        self.assertEqual(answer.status, status, head)
        self.assertTrue(is_closed, head)

    def test_two_hosts(self):
        self.refused("GET / HTTP/1.1\r\nHOST\r\nHost: evil.example\r\n\r\n")

    def test_no_host(self):
        self.refused("GET / HTTP/1.1\r\n\r\n")

    def test_a_host_that_is_none(self):
        for host in ("a b", "evil/", "a@b", "x" * 300, "ä.example"):
            self.refused(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")

    def test_two_lengths(self):
        self.refused("POST /open HTTP/1.1\r\nHOST\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\na=b")

    def test_length_beside_chunked(self):
        self.refused("POST /open HTTP/1.1\r\nHOST\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")

    def test_lengths_that_are_none(self):
        for length in ("-1", "+3", "3,3", "0x3", "3 3", "99999999999999999999999"):
            head = f"POST /open HTTP/1.1\r\nHOST\r\nContent-Length: {length}\r\n\r\n"
            answer, is_closed = self.probe.raw(head.replace("HOST", f"Host: {self.probe.host}").encode())
            self.assertIn(answer.status, (400, 413), length)
            self.assertTrue(is_closed)

    def test_other_codings(self):
        for coding in ("gzip", "gzip, chunked", "chunked, chunked", "identity", "xchunked"):
            self.refused(f"POST /open HTTP/1.1\r\nHOST\r\nTransfer-Encoding: {coding}\r\n\r\n0\r\n\r\n")

    def test_control_characters_in_a_header(self):
        for c in ("\x01", "\x0b", "\x1f", "\x7f"):
            self.refused(f"GET /echo HTTP/1.1\r\nHOST\r\nX-Name: a{c}b\r\n\r\n")

    def test_header_names_that_are_no_tokens(self):
        for name in ("Content-Length ", "X Y", "X\tY", "(x)"):
            self.refused(f"GET /echo HTTP/1.1\r\nHOST\r\n{name}: 3\r\n\r\n")

    def test_targets_that_are_none(self):
        for target in ("*", "echo", "http:/echo", "/echo#x", "ftp://x/echo", "/ec\x01ho"):
            self.refused(f"GET {target} HTTP/1.1\r\nHOST\r\n\r\n")

    def test_a_body_behind_get(self):
        self.refused("GET /echo HTTP/1.1\r\nHOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")

    def test_too_many_headers(self):
        self.refused("GET /echo HTTP/1.1\r\nHOST\r\n" + "".join(f"X-{i}: 1\r\n" for i in range(120)) + "\r\n", 431)

    def test_a_long_target(self):
        answer = self.probe.get("/echo?q=" + "a" * 9000)
        self.assertEqual(answer.status, 414)

    def test_ten_megabytes_of_head(self):
        for head in (b"GET /" + b"a" * 10_000_000, b"GET /echo HTTP/1.1\r\nX: " + b"a" * 10_000_000, b"GET /echo HTTP/1.1\r\n" + b"X: aaaaaaaaa\r\n" * 700_000):
            c = self.probe.connect()
            try:
                c.send(head)
                self.assertIn(c.answer().status, (413, 414, 431))
            except (ConnectionError, EOFError):
                pass  # cut off while we still sent
            c.close()
        self.assertEqual(self.probe.get("/echo").status, 200)

    def test_no_smuggled_request_is_answered(self):
        c = self.probe.connect()
        c.send(f"POST /open HTTP/1.1\r\nHost: {self.probe.host}\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n"
               f"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: {self.probe.host}\r\n\r\n".encode())
        self.assertEqual(c.answer().status, 400)
        self.assertTrue(c.is_closed())
        c.close()
        self.assertNotIn("smuggled", self.probe.log())


class AccessLog(ProbeTest):
    def test_one_line_a_request_without_its_query(self):
        answer = self.probe.get("/echo?token=SECRET-TOKEN&q=SECRET-WORD")
        line = self.probe.log_line(answer.one("X-Request-Id"))
        self.assertRegex(line, r" access [0-9a-f]{16} 127\.0\.0\.1 GET /echo 200 \d+ \d+us$")
        self.probe.get("/nothing?token=SECRET-TOKEN")
        self.probe.get("/echo?token=SECRET-TOKEN&token=SECRET-TOKEN")
        self.probe.request("POST", "/open", [("Cookie", "session-plain=SECRET-COOKIE")], form="name=SECRET-NAME&password=SECRET-PASSWORD")
        self.probe.get("http://secure.example/echo?token=SECRET-TOKEN")
        self.assertNotIn("SECRET", self.probe.log())

    def test_request_ids_are_unique_and_shown(self):
        ids = [self.probe.get("/nothing").one("X-Request-Id") for _ in range(50)]
        self.assertEqual(len(set(ids)), 50)
        answer = self.probe.get("/nothing")
        self.assertIn(answer.one("X-Request-Id"), answer.text())


class Metrics(ProbeTest):
    options = ("--metrics", "127.0.0.1:0")

    def scrape(self):
        address = self.probe.address
        try:
            self.probe.address = self.probe.address_of(self.probe.metrics)
            return self.probe.get("/metrics"), self.probe.get("/echo")
        finally:
            self.probe.address = address

    def test_metrics_stand_on_their_own_address_only(self):
        for _ in range(3):
            self.probe.log_line(self.probe.get("/echo").one("X-Request-Id"))
        self.probe.log_line(self.probe.get("/nothing").one("X-Request-Id"))
        metrics, other = self.scrape()
        self.assertEqual((metrics.status, other.status), (200, 404))
        self.assertIn("text/plain; version=0.0.4", metrics.one("Content-Type"))
        said = dict(line.rsplit(" ", 1) for line in metrics.text().splitlines() if not line.startswith("#"))
        self.assertEqual(said['parterre_http_requests_total{status="2xx"}'], "3")
        self.assertEqual(said['parterre_http_requests_total{status="4xx"}'], "1")
        self.assertEqual(said["parterre_http_request_seconds_count"], "4")
        self.assertEqual(self.probe.get("/metrics").status, 404)


if __name__ == "__main__":
    unittest.main()
