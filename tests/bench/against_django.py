#!/usr/bin/env python3
"""Parterre's forgot-password page against Django's own password-reset page (Debian's python3-django under gunicorn), in one run on one machine.

Both render a form with a CSRF token for each request. gunicorn gets 2 × processors + 1 workers, as its documentation recommends.
"""
import os
import subprocess
import sys

import measure


def django():
    port = measure.free_port()
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "django")
    server = subprocess.Popen(["gunicorn", "--workers", str(2 * (os.cpu_count() or 1) + 1), "--bind", f"127.0.0.1:{port}", "--log-level", "error", "wsgi"],
                              cwd=here, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"), stdin=subprocess.DEVNULL)
    try:
        measure.wait_until_served(port, server)
        return measure.requests_per_second(f"http://127.0.0.1:{port}/accounts/password_reset/")
    finally:
        server.terminate()
        server.wait()


def main():
    theirs = django()
    measure.figure("password reset page, Django under gunicorn", theirs, "requests/s")
    with measure.demo() as house:
        forgot = measure.requests_per_second(house.shop + "/forgot-password")
        signin = measure.requests_per_second(house.shop + "/signin")
    measure.figure("forgot-password page, Parterre", forgot, "requests/s")
    measure.figure("sign-in page, Parterre", signin, "requests/s")
    measure.figure("forgot-password page against Django's", forgot / theirs, "×", ">= 50")
    return 0


if __name__ == "__main__":
    sys.exit(main())
