"""What the bench scripts share: a demo on a free port, wrk, and the line a figure is printed as."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("PARTERRE_BINARY") or os.path.join(ROOT, "build/release/parterre")
CONNECTIONS = 64  # as in design.md 2
READY_SECONDS = 30


def figure(name, value, unit, goal=None):
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "goal": goal}), flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Demo:
    """`parterre demo` on an empty SQLite file: its process, addresses, and how long it took from exec to `ready`."""

    def __init__(self, folder, *options):
        begun = time.monotonic()
        self.log = open(os.path.join(folder, "log"), "ab")
        self.process = subprocess.Popen([BINARY, "demo", "--listen", "127.0.0.1:0", "--database", f"sqlite:{folder}/parterre.db", "--unsold", *options],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.address = {}
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(" ")
            self.address.setdefault(word, rest.split()[-1] if rest else "")
            if word == "ready":
                break
        else:
            raise RuntimeError(f"{BINARY} demo ended before it was ready")
        self.ready_ms = (time.monotonic() - begun) * 1000
        self.shop = self.address["shop"].rstrip("/")

    def resident_mib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@contextlib.contextmanager
def demo(folder=None):
    """A demo in FOLDER, or in one of its own that goes with it."""
    own = tempfile.mkdtemp(prefix="parterre-bench.") if folder is None else None
    house = Demo(folder or own)
    try:
        yield house
    finally:
        house.stop()
        if own:
            shutil.rmtree(own, ignore_errors=True)


def requests_per_second(url, seconds=5, connections=CONNECTIONS):
    """What wrk sees, after a second of warming up."""
    run_wrk(url, 1, connections)
    return run_wrk(url, seconds, connections)[0]


def run_wrk(url, seconds, connections):
    """Requests a second, and how many there were. Every answer has to be a 2xx or 3xx."""
    out = subprocess.run(["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{url}:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)), int(re.search(r"(\d+) requests in", out).group(1))


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def requests_and_processor_time(pid, url, seconds=5):
    """What wrk sees of the server PID, and the microseconds that a request keeps a processor busy there."""
    before = processor_seconds(pid)
    per_second, count = run_wrk(url, seconds, CONNECTIONS)
    return per_second, (processor_seconds(pid) - before) * 1e6 / count


def wait_until_served(port, process):
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not come up")
