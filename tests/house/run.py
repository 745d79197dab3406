#!/usr/bin/env python3
"""tests/run.py: what counts as passed, failed and skipped, and that nothing broken goes for a success."""
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# This file is called run.py as well, so the runner is loaded by its place.
import importlib.util
_spec = importlib.util.spec_from_file_location("runner", os.path.join(sys.path[0], "run.py"))
runner = importlib.util.module_from_spec(_spec)
sys.modules["runner"] = runner
_spec.loader.exec_module(runner)


def ran(script, kind="line", seconds=20, engine="", database=""):
    with tempfile.TemporaryDirectory() as folder:
        return runner.run_suite(runner.Suite("x", ("bash", "-c", script), kind, engine), database, folder, seconds)


class Reading(unittest.TestCase):
    def test_cmocka(self):
        self.assertEqual(runner.read_cmocka("[==========] Running 8 test(s).\n[==========] 8 test(s) run.\n[  PASSED  ] 8 test(s).\n"), (8, 0, 0))
        self.assertEqual(runner.read_cmocka("[==========] suite: 5 test(s) run.\n[  PASSED  ] 2 test(s).\n[  SKIPPED ] suite: 1 test(s), listed below:\n"
                                            "[  FAILED  ] suite: 2 test(s), listed below:\n[  FAILED  ] a\n[  FAILED  ] b\n"), (2, 2, 1))

    def test_cmocka_that_stopped_in_the_middle_has_no_result(self):
        self.assertIsNone(runner.read_cmocka("[==========] Running 8 test(s).\n[ RUN      ] a\n[       OK ] a\n"))

    def test_unittest(self):
        self.assertEqual(runner.read_unittest("...\nRan 3 tests in 0.1s\n\nOK\n"), (3, 0, 0))
        self.assertEqual(runner.read_unittest("Ran 1 test in 0.1s\n\nFAILED (failures=1)\n"), (0, 1, 0))
        self.assertEqual(runner.read_unittest("Ran 7 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n"), (1, 3, 3))

    def test_tap(self):
        self.assertEqual(runner.read_tap("ok 1 - a\n# tests 4\n# pass 2\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n"), (2, 1, 1))

    def test_closing_line(self):
        self.assertEqual(runner.read_line("noise\n3 passed, 1 failed, 2 skipped\n"), (3, 1, 2))
        self.assertIsNone(runner.read_line("well, 3 passed, 1 failed\n"))


class Running(unittest.TestCase):
    def test_a_good_suite(self):
        r = ran("echo 2 passed, 0 failed")
        self.assertEqual((r.passed, r.failed, r.why), (2, 0, ""))

    def test_a_crash_is_a_failure_even_after_a_good_result(self):
        r = ran("echo 2 passed, 0 failed; kill -SEGV $$")
        self.assertEqual((r.passed, r.failed), (2, 1))
        self.assertIn("SIGSEGV", r.why)

    def test_silence_is_a_failure(self):
        self.assertEqual(ran("true").failed, 1)
        self.assertIn("no result", ran("true").why)

    def test_no_test_at_all_is_a_failure(self):
        self.assertEqual(ran("echo 0 passed, 0 failed").failed, 1)

    def test_a_bad_exit_status_is_a_failure(self):
        self.assertEqual(ran("echo 2 passed, 0 failed; exit 23").failed, 1)  # a sanitizer's report at the very end

    def test_failed_tests_are_counted_once(self):
        r = ran("echo 2 passed, 3 failed; exit 1")
        self.assertEqual((r.passed, r.failed), (2, 3))

    def test_a_hang_is_a_failure_and_ends(self):
        begun = time.monotonic()
        r = ran("sleep 60", seconds=0.3)
        self.assertEqual(r.failed, 1)
        self.assertLess(time.monotonic() - begun, 10)

    def test_children_left_behind_are_ended(self):
        with tempfile.TemporaryDirectory() as folder:
            pid = os.path.join(folder, "pid")
            ran(f"sleep 60 & echo $! >{pid}; echo 1 passed, 0 failed")
            with open(pid, encoding="ascii") as f:
                child = int(f.read())
            for _ in range(100):  # the kernel needs a moment
                if not alive(child):
                    break
                time.sleep(0.02)
            self.assertFalse(alive(child))

    def test_a_missing_program_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            r = runner.run_suite(runner.Suite("x", ("build/no/such/program",), "cmocka"), "", folder)
        self.assertEqual(r.failed, 1)

    def test_the_engine_is_told(self):
        self.assertEqual(ran('[ "$PARTERRE_TEST_DATABASE" = sqlite ] && echo 1 passed, 0 failed', engine="sqlite", database="sqlite").passed, 1)
        self.assertEqual(ran('[ -z "${PARTERRE_TEST_DATABASE+set}" ] && echo 1 passed, 0 failed').passed, 1)

    def test_a_suite_has_a_folder_of_its_own_that_goes(self):
        r = ran('touch "$TMPDIR/x" && echo "$TMPDIR" && echo 1 passed, 0 failed')
        self.assertEqual(r.passed, 1)
        self.assertFalse(os.path.exists(r.output.splitlines()[0]))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Finding(unittest.TestCase):
    def found(self, text, default):
        with tempfile.NamedTemporaryFile("w", suffix=".py") as f:
            f.write(text)
            f.flush()
            return runner.engines_of(f.name, default)

    def test_a_script_says_its_engines(self):
        self.assertEqual(self.found("#!/usr/bin/env python3\n# engines: sqlite\n", runner.BOTH), ("sqlite",))
        self.assertEqual(self.found("// engines: sqlite postgresql\n", ()), runner.BOTH)
        self.assertEqual(self.found("# engines: none\n", runner.BOTH), ())
        self.assertEqual(self.found("import x\n", runner.BOTH), runner.BOTH)


if __name__ == "__main__":
    unittest.main()
