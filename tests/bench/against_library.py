#!/usr/bin/env python3
"""Parterre's sign-in page, rendered for each request from the database's doors and four catalogues, against libmicrohttpd alone answering as many fixed bytes.

Turn by turn in one run; the middle of the rounds counts, for the machine is never quite alone.
"""
import os
import statistics
import subprocess
import sys
import urllib.request

import measure

ROUNDS = 5


def main():
    program = os.path.join(os.path.dirname(measure.BINARY), "tests", "bench-web")
    with measure.demo() as house:
        page = house.shop + "/signin"
        size = len(urllib.request.urlopen(page).read())
        bare = subprocess.Popen([program, str(size)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            fixed = bare.stdout.readline().split()[-1]
            rounds = [(measure.requests_per_second(page), measure.requests_per_second(fixed)) for _ in range(ROUNDS)]
        finally:
            bare.stdin.close()
            bare.wait()
    measure.figure(f"sign-in page, {size} bytes", statistics.median(ours for ours, _ in rounds), "requests/s")
    measure.figure("libmicrohttpd alone, as many fixed bytes", statistics.median(theirs for _, theirs in rounds), "requests/s")
    measure.figure("sign-in page against fixed bytes", statistics.median(ours / theirs for ours, theirs in rounds), "", ">= 0.7")
    return 0


if __name__ == "__main__":
    sys.exit(main())
