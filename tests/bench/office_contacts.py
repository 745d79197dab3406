#!/usr/bin/env python3
"""The office at work: the list of contacts under 64 operators at once, and 1,000 links sent by one action against the outbox sending the same mails alone."""
import http.cookiejar
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import measure

CONTACTS = 20_000
LINKS = 1000
PATIENCE = 300


class Desk:
    """Signed in to the office of HOUSE as its administrator."""

    def __init__(self, house):
        self.house = house
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.send("/office/signin", self.page("/office/signin"), "/signin", [("email", "anna@theatredulac.example"), ("password", "granite-compass-41-lantern")])

    def page(self, path):
        return self.opener.open(self.house.shop + path).read().decode()

    def send(self, path, page, action, fields):
        """Fills in PAGE's form to ACTION; where it leads, and that page."""
        form = next(f for f in re.findall(r'<form[^>]*action="[^"]*' + re.escape(action) + r'"[^>]*>.*?</form>', page, re.S))
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        body = urllib.parse.urlencode(hidden + fields).encode()
        request = urllib.request.Request(self.house.shop + path, body, {"Origin": self.house.shop})
        answer = self.opener.open(request)
        return answer.geturl(), answer.read().decode()

    def cookie(self):
        return "; ".join(f"{c.name}={c.value}" for c in self.jar)


def latency(house, desk, path):
    """The 99th percentile in ms, and requests a second."""
    out = subprocess.run(["wrk", "-t2", f"-c{measure.CONNECTIONS}", "-d8s", "--latency", "-H", f"Cookie: {desk.cookie()}", house.shop + path],
                         check=True, capture_output=True, text=True).stdout
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", out).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], rate


def until_sent(data, since):
    """Seconds until no mail waits any more."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        waiting, = data.execute("SELECT (SELECT count(*) FROM outbox_message WHERE state IN ('waiting','sending')) + (SELECT count(*) FROM bulk_item WHERE outcome = '')").fetchone()
        if waiting == 0:
            return time.monotonic() - since
        time.sleep(0.02)
    raise RuntimeError("the mails never left")


def main():
    with tempfile.TemporaryDirectory() as folder:
        house = measure.Demo(folder, "--contacts", str(CONTACTS))
        try:
            desk = Desk(house)
            for name, path in (("the list", "/office/contacts"), ("a search", "/office/contacts?q=quartenoud"), ("a contact", "/office/contacts/77")):
                p99, rate = latency(house, desk, path)
                measure.figure(f"office: {name} under 64 operators, 99 of 100 within", p99, "ms", "< 100" if name == "the list" else None)
                measure.figure(f"office: {name} under 64 operators", rate, "requests/s")
            data = sqlite3.connect(f"{folder}/parterre.db", timeout=30)
            chosen = [("contact", str(n)) for n, in data.execute("SELECT contact FROM internet_account WHERE state = 'active' LIMIT ?", (LINKS,))]
            # A page of the list has fifty boxes; the form carries what was chosen as one field.
            _, page = desk.send("/office/contacts/links", desk.page("/office/contacts"), "/contacts/links", chosen[:1])
            page = re.sub(r'name="contacts" value="[^"]*"', 'name="contacts" value="%s"' % ",".join(n for _, n in chosen), page)
            begun = time.monotonic()
            desk.send("/office/contacts/links/send", page, "/contacts/links/send", [("document_type", "STX_PASSWORD_RESET"), ("point_of_sale", "shop")])
            action = until_sent(data, begun)
            sent, = data.execute("SELECT count(*) FROM outbox_message WHERE state = 'sent' AND lane = 3").fetchone()
            begun = time.monotonic()
            with data:
                data.execute("UPDATE outbox_message SET state = 'waiting', attempts = 0, due_at = 1 WHERE lane = 3")
            alone = until_sent(data, begun)
            measure.figure("office: links sent by one action", sent / action, "links/s")
            measure.figure("office: one action against the outbox alone", alone / action, "times", ">= 0.5")
        finally:
            house.stop()


if __name__ == "__main__":
    sys.exit(main())
