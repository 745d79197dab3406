#!/usr/bin/env python3
"""Runs the suites of tests/ side by side and closes with `N passed, N failed`. tests/README.md says what a suite is.

    tests/run.py [NAME]      only suites whose name contains NAME

script/test builds first and then calls this. Nothing is listed by hand: suites are found by where they lie.
"""
import concurrent.futures
import dataclasses
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

SUITE_SECONDS = 300  # the slowest suite (browsers) takes about a minute here; five times that is a hang
OUTPUT_MAX = 60_000  # of a failed suite's output, its end is shown: a sanitizer's report fits, an endless loop's does not
BUILD = "build/asan"
TIMES = f"{BUILD}/suite-times.json"  # of the last run, so that the longest start first
DATABASE = "PARTERRE_TEST_DATABASE"
BOTH = ("sqlite", "postgresql")


@dataclasses.dataclass(frozen=True)
class Suite:
    name: str
    command: tuple
    kind: str  # how its output is read: cmocka, unittest, tap, line
    engine: str = ""  # "" when it touches no data

    def title(self):
        return f"{self.name} ({self.engine})" if self.engine else self.name


@dataclasses.dataclass
class Result:
    suite: Suite
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    why: str = ""  # what went wrong beyond a failed test
    output: str = ""


# ---- finding ----

def engines_of(path, default):
    """The engines a script runs on: its own word (`# engines: sqlite`, or none) in its first lines, else DEFAULT."""
    with open(path, encoding="utf-8", errors="replace") as f:
        head = f.read(2000)
    said = re.search(r"^(?:#|//|\*| \*)\s*engines:\s*(.*)$", head, re.M)
    if not said:
        return default
    return tuple(e for e in BOTH if e in said.group(1).split())


def mentions(path, word):
    try:
        with open(path, "rb") as f:
            return word.encode() in f.read()
    except OSError:
        return False


def suites_found():
    found = []

    def add(name, command, kind, engines):
        for engine in engines or ("",):
            found.append(Suite(name, command, kind, engine))

    floors = sorted(os.path.basename(os.path.dirname(d)) for d in glob.glob("src/*/")) + ["tools"]
    for floor in floors:
        for source in sorted(glob.glob(f"tests/{floor}/*.c")):
            name = os.path.splitext(os.path.relpath(source, "tests"))[0]
            program = f"{BUILD}/tests/test-{name.replace('/', '-')}"
            # What touches data asks for the engine by this name, so the program itself tells.
            add(name, (program,), "cmocka", BOTH if mentions(program, DATABASE) else ())
    for path in sorted(glob.glob("tests/**/*.py", recursive=True)):
        if mentions(path, "unittest.main(") and path != "tests/run.py":
            in_http = path.startswith("tests/http/")
            add(os.path.relpath(path, "tests"), ("python3", path), "unittest", engines_of(path, BOTH if in_http else ()))
    for path in sorted(glob.glob("tests/browser/*.mjs")):
        if mentions(path, "node:test"):
            add(os.path.relpath(path, "tests"), ("node", "--test-reporter=tap", path), "tap", engines_of(path, ()))
    for path in sorted(glob.glob("tests/*/check")):
        if os.access(path, os.X_OK):
            add(os.path.dirname(os.path.relpath(path, "tests")), (path,), "line", engines_of(path, ()))
    return found


# ---- reading what a suite printed ----

def counted(pattern, text):
    hits = re.findall(pattern, text, re.M)
    return int(hits[-1]) if hits else None


def read_cmocka(text):
    total = counted(r"^\[=+\] (?:\w+: )?(\d+) test\(s\) run\.", text)
    if total is None:
        return None
    failed = counted(r"^\[  FAILED  \] (?:\w+: )?(\d+) test\(s\)", text) or 0
    skipped = counted(r"^\[  SKIPPED \] (?:\w+: )?(\d+) test\(s\)", text) or 0
    return total - failed - skipped, failed, skipped


def read_unittest(text):
    total = counted(r"^Ran (\d+) tests? in ", text)
    if total is None:
        return None
    end = re.findall(r"^(?:OK|FAILED)(?: \((.*)\))?$", text, re.M)
    if not end:
        return None
    parts = {k: int(v) for k, v in re.findall(r"([a-z][a-z ]*)=(\d+)", end[-1])}
    failed = sum(parts.get(k, 0) for k in ("failures", "errors", "unexpected successes"))
    skipped = parts.get("skipped", 0)
    return max(0, total - failed - skipped), failed, skipped


def read_tap(text):
    total = counted(r"^# tests (\d+)", text)
    if total is None:
        return None
    failed = (counted(r"^# fail (\d+)", text) or 0) + (counted(r"^# cancelled (\d+)", text) or 0)
    skipped = (counted(r"^# skipped (\d+)", text) or 0) + (counted(r"^# todo (\d+)", text) or 0)
    return total - failed - skipped, failed, skipped


def read_line(text):
    lines = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", text, re.M)
    return tuple(int(n or 0) for n in lines[-1]) if lines else None


READERS = {"cmocka": read_cmocka, "unittest": read_unittest, "tap": read_tap, "line": read_line}


# ---- running ----

def run_suite(suite, database, folder, seconds=SUITE_SECONDS):
    """One suite in its own process group and its own temporary folder; both are gone afterwards, whatever it did."""
    result = Result(suite)
    temporary = tempfile.mkdtemp(dir=folder)
    environment = dict(os.environ, TMPDIR=temporary, PYTHONDONTWRITEBYTECODE="1",
                       PARTERRE_BINARY=os.environ.get("PARTERRE_BINARY") or os.path.abspath(f"{BUILD}/parterre"))
    environment.pop("CMOCKA_MESSAGE_OUTPUT", None)
    environment.pop(DATABASE, None)
    if suite.engine:
        environment[DATABASE] = database
    environment.setdefault("ASAN_OPTIONS", "detect_stack_use_after_return=1:strict_string_checks=1")
    environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
    begun = time.monotonic()
    # Output goes to a file, not a pipe: a child that outlives its suite can't keep us waiting for the pipe's end.
    with tempfile.TemporaryFile(dir=folder) as out:
        try:
            process = subprocess.Popen(suite.command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                       env=environment, start_new_session=True)
        except OSError as e:
            result.failed, result.why = 1, f"could not be started: {e}"
            return result
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
            shutil.rmtree(temporary, ignore_errors=True)
        result.seconds = time.monotonic() - begun
        out.seek(0)
        result.output = out.read().decode("utf-8", "replace")
    counts = READERS[suite.kind](result.output)
    if counts:
        result.passed, result.failed, result.skipped = counts
    if status is None:
        result.why = f"did not end within {seconds} s"
    elif status < 0:
        result.why = f"died of signal {-status} ({signal.Signals(-status).name})"
    elif counts is None:
        result.why = f"printed no result (exit status {status})"
    elif sum(counts) == 0:
        result.why = "ran no test"
    elif status != 0 and result.failed == 0:
        result.why = f"ended with exit status {status} although no test failed"
    if result.why:
        result.failed += 1
    return result


class Cluster:
    """A private PostgreSQL for this run (tests/cluster), with a database of its own for each suite."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "postgresql")
        self.url = ""

    def start(self):
        started = subprocess.run(["tests/cluster", "start", self.folder], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if started.returncode != 0:
            raise RuntimeError("tests/cluster start: " + (started.stderr or started.stdout).strip())
        self.url = started.stdout.strip().splitlines()[-1]

    def database(self, number):
        name = f"suite_{number}"
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c",
                        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'", self.url],
                       stdin=subprocess.DEVNULL, check=True, capture_output=True, text=True)
        parts = urllib.parse.urlsplit(self.url)
        return urllib.parse.urlunsplit(parts._replace(path="/" + name))

    def stop(self):
        if self.url or os.path.isdir(self.folder):
            subprocess.run(["tests/cluster", "stop", self.folder], stdin=subprocess.DEVNULL, capture_output=True)


def times_of_last_run():
    try:
        with open(TIMES, encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError):
        return {}


def report(result):
    counts = f"{result.passed} passed" + (f", {result.failed} failed" if result.failed else "")
    counts += f", {result.skipped} skipped" if result.skipped else ""
    print(f"{'FAILED' if result.failed else 'ok':6} {result.suite.title():48} {counts:32} {result.seconds:6.1f} s", flush=True)
    if not result.failed:
        return
    text = result.output[-OUTPUT_MAX:]
    for line in text.rstrip("\n").splitlines():
        print("    | " + line)
    if result.why:
        print(f"    > {result.suite.title()} {result.why}", flush=True)


def stopped(number, frame):
    raise KeyboardInterrupt


def main(argv):
    os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGHUP, stopped)
    wanted = argv[1] if len(argv) > 1 else ""
    times = times_of_last_run()
    suites = [s for s in suites_found() if wanted in s.title()]
    suites.sort(key=lambda s: -times.get(s.title(), 1e9))
    if not suites:
        print(f"no suite's name contains '{wanted}'" if wanted else "no suite found", file=sys.stderr)
        print("0 passed, 0 failed")
        return 1

    folder = tempfile.mkdtemp(prefix="parterre-test.")
    os.chmod(folder, 0o755)  # PostgreSQL and the mail server run as users of their own
    cluster = Cluster(folder)
    results = []
    begun = time.monotonic()
    pool = concurrent.futures.ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2))
    try:
        unusable = ""
        if any(s.engine == "postgresql" for s in suites):
            try:
                cluster.start()
            except (RuntimeError, OSError) as e:
                unusable = str(e)
        running = []
        for number, suite in enumerate(suites):
            database = suite.engine
            if suite.engine == "postgresql":
                if unusable:
                    results.append(Result(suite, failed=1, why=f"has no database: {unusable}"))
                    report(results[-1])
                    continue
                database = cluster.database(number)
            running.append(pool.submit(run_suite, suite, database, folder))
        for future in concurrent.futures.as_completed(running):
            results.append(future.result())
            report(results[-1])
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    times.update({r.suite.title(): round(r.seconds, 1) for r in results})
    os.makedirs(BUILD, exist_ok=True)
    with open(TIMES, "w", encoding="utf-8") as f:
        json.dump(times, f, indent=1, sort_keys=True)
    passed, failed, skipped = (sum(getattr(r, k) for r in results) for k in ("passed", "failed", "skipped"))
    if failed:
        print("\nfailed: " + ", ".join(sorted(r.suite.title() for r in results if r.failed)))
    print(f"{len(results)} suites in {time.monotonic() - begun:.0f} s")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
