#!/usr/bin/env python3
"""`parterre qrbill render` as a command: what it writes where, and that it writes nothing when something is wrong."""
import os
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracles  # noqa: E402

with open("docs/samples/qr-bill.jsonl", "rb") as f:
    GOOD = f.read()
BAD = b'{"account":"CH00"}\n'


def render(bills, *options, **more):
    return subprocess.run([oracles.BINARY, "qrbill", "render", *options], input=bills, capture_output=True, check=False, **more)


class Render(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.file = self.folder + "/bills.pdf"

    def here(self):
        return sorted(os.listdir(self.folder))

    def test_standard_output_gets_the_document(self):
        done = render(GOOD)
        self.assertEqual((done.returncode, done.stdout[:5], done.stderr), (0, b"%PDF-", b""))
        self.assertLess(len(done.stdout), 35_000)
        self.assertTrue(render(GOOD, "--format", "svg").stdout.startswith(b"<svg "))
        self.assertTrue(render(GOOD, "--format", "png").stdout.startswith(b"\x89PNG"))

    def test_the_sample_of_the_docs_is_good(self):
        self.assertEqual(render(GOOD, "--out", self.file).returncode, 0)
        with open(self.file, "rb") as f:
            self.assertEqual(f.read(), render(GOOD).stdout)

    def test_all_bills_are_in_one_document_a_page_each(self):
        render(GOOD * 3, "--out", self.file)
        self.assertIn(b"Pages:           3\n", oracles.run("pdfinfo", self.file))
        self.assertEqual(self.here(), ["bills.pdf"])

    def test_a_folder_gets_a_file_each_in_the_order_of_the_bills(self):
        for end in ("pdf", "svg", "png"):
            folder = f"{self.folder}/{end}/"
            os.mkdir(folder)
            self.assertEqual(render(GOOD * 2, "--out", folder, "--format", end, "--dpi", "72").returncode, 0)
            self.assertEqual(sorted(os.listdir(folder)), [f"bill-000001.{end}", f"bill-000002.{end}"])

    def test_several_pictures_need_a_folder(self):
        for out in ([], ["--out", self.folder + "/x.svg"]):
            done = render(GOOD * 2, "--format", "svg", *out)
            self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertEqual(self.here(), [])

    def test_an_invalid_bill_leaves_everything_as_it_was(self):
        with open(self.file, "wb") as f:
            f.write(b"before")
        for bills in (GOOD + BAD, BAD + GOOD, GOOD + b"no JSON\n"):
            for options in (["--out", self.file], ["--out", self.folder], ["--out", self.folder, "--format", "svg"], []):
                done = render(bills, *options)
                self.assertEqual((done.returncode, done.stdout), (1, b""))
                self.assertIn(b"parterre: bill ", done.stderr)
                self.assertEqual(self.here(), ["bills.pdf"])
        with open(self.file, "rb") as f:
            self.assertEqual(f.read(), b"before")

    def test_wrong_usage_is_told(self):
        for options in (["--format", "gif"], ["--size", "a3"], ["--separation", "saw"], ["--dpi", "71"], ["--dpi", "601"], ["--dpi", "many"]):
            done = render(GOOD, *options)
            self.assertEqual((done.returncode, done.stdout), (2, b""), options)
            self.assertIn(options[0].encode(), done.stderr)
        self.assertEqual(render(b"").returncode, 2)

    def test_a_full_disk_is_told_and_a_device_stays_one(self):
        done = render(GOOD, "--out", "/dev/full")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"/dev/full", done.stderr)
        self.assertFalse(os.path.isfile("/dev/full"))
        with open("/dev/full", "wb") as full:
            done = subprocess.run([oracles.BINARY, "qrbill", "render"], input=GOOD, stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(render(GOOD, "--out", self.folder + "/none/x.pdf").returncode, 1)
        done = render(GOOD, "--out", self.folder + "/none/")  # a folder is one that is there
        self.assertEqual((done.returncode, self.here()), (1, []))
        self.assertIn(b"/none/", done.stderr)
        self.assertEqual(render(GOOD, "--out", self.folder + "/").returncode, 0)
        self.assertEqual(render(GOOD, "--out", "").returncode, 2)

    def test_a_pipe_gets_the_document(self):
        pipe = self.folder + "/pipe"
        os.mkfifo(pipe)
        got = []
        reader = threading.Thread(target=lambda: got.append(subprocess.run(["cat", pipe], capture_output=True, check=True).stdout))
        reader.start()
        self.assertEqual(render(GOOD, "--out", pipe).returncode, 0)
        reader.join(10)
        self.assertEqual(got, [render(GOOD).stdout])

    def test_thousands_of_bills_take_no_more_memory_than_a_few(self):
        def peak(count):
            script = ("import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL, check=True); "
                      "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
            environment = dict(os.environ, ASAN_OPTIONS="quarantine_size_mb=1:detect_leaks=0")  # ASan keeps what is freed for a while
            done = subprocess.run([sys.executable, "-c", script, oracles.BINARY, "qrbill", "render"], input=GOOD * count, capture_output=True,
                                  check=True, env=environment)
            return int(done.stdout)
        self.assertLess(peak(400) - peak(20), 6 * 1024)


if __name__ == "__main__":
    unittest.main()
