#!/usr/bin/env python3
"""Parterre's sign-in page, rendered for each request from the database's doors and four catalogues, against libmicrohttpd alone answering as many fixed bytes.

Turn by turn in one run; the middle of the rounds counts, for the machine is never quite alone. Beside the goal's yardstick, which says nothing but the page,
stands one that says the page's headers, too: what our headers cost wrk and the kernel is no work of ours. The processor time of a request is the
server's own, and tells more than the clock on a machine with other work.
"""
import contextlib
import os
import statistics
import subprocess
import sys
import urllib.request

import measure

ROUNDS = 5
LIBRARYS_OWN = ("date", "content-length", "connection")


@contextlib.contextmanager
def library(*words):
    """The library alone: its process and address."""
    program = os.path.join(os.path.dirname(measure.BINARY), "tests", "bench-web")
    bare = subprocess.Popen([program, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield bare.pid, bare.stdout.readline().split()[-1]
    finally:
        bare.stdin.close()
        bare.wait()


def one_round(served):
    """For each: requests a second, and microseconds of the server's processor time a request."""
    return [measure.requests_and_processor_time(*one) for one in served]


def main():
    with measure.demo() as house:
        page = house.shop + "/signin"
        with urllib.request.urlopen(page) as answer:
            size = str(len(answer.read()))
            headers = [word for name, value in answer.getheaders() if name.lower() not in LIBRARYS_OWN for word in (name, value)]
        with library(size) as plain, library(size, *headers) as dressed:
            rounds = [one_round([(house.process.pid, page), plain, dressed]) for _ in range(ROUNDS)]
    middle = lambda of: statistics.median(of(*r) for r in rounds)
    measure.figure(f"sign-in page, {size} bytes", middle(lambda ours, plain, dressed: ours[0]), "requests/s")
    measure.figure("libmicrohttpd alone, as many fixed bytes", middle(lambda ours, plain, dressed: plain[0]), "requests/s")
    measure.figure("sign-in page against fixed bytes", middle(lambda ours, plain, dressed: ours[0] / plain[0]), "", ">= 0.7")
    measure.figure("sign-in page against fixed bytes with the same headers", middle(lambda ours, plain, dressed: ours[0] / dressed[0]), "")
    measure.figure("processor time of a sign-in page", middle(lambda ours, plain, dressed: ours[1]), "us")
    measure.figure("processor time of as many fixed bytes", middle(lambda ours, plain, dressed: plain[1]), "us")
    return 0


if __name__ == "__main__":
    sys.exit(main())
