#!/usr/bin/env python3
"""Runs the benchmarks: each executable of tests/bench and each program build/release/tests/bench-*, one at a time. tests/README.md says what they print."""
import glob
import json
import os
import platform
import subprocess
import sys

BENCH_SECONDS = 600
COMPARE = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}


def is_met(figure):
    """True, False, or None when the figure has no goal."""
    if not figure.get("goal"):
        return None
    sign, _, value = figure["goal"].partition(" ")
    return COMPARE[sign](float(figure["value"]), float(value))


def number(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


def figures_of(program):
    """The figures PROGRAM printed, and why it failed ("")."""
    try:
        run = subprocess.run([program], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=BENCH_SECONDS)
    except subprocess.TimeoutExpired:
        return [], f"did not end within {BENCH_SECONDS} s"
    figures = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    if run.returncode != 0:
        return figures, f"exit status {run.returncode}: " + (run.stderr.strip().splitlines() or ["no word"])[-1]
    return figures, "" if figures else "printed no figure"


def main(argv):
    os.chdir(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    wanted = argv[1] if len(argv) > 1 else ""
    programs = sorted(p for p in glob.glob("tests/bench/*") + glob.glob("build/release/tests/bench-*")
                      if os.path.isfile(p) and os.access(p, os.X_OK) and wanted in os.path.basename(p))
    if not programs:
        print(f"no benchmark's name contains '{wanted}'", file=sys.stderr)
        return 1
    everything, broken = [], 0
    for program in programs:
        figures, why = figures_of(os.path.abspath(program))
        for figure in figures:
            figure["bench"] = os.path.basename(program)
            figure["met"] = is_met(figure)
            word = {True: "met", False: "MISSED", None: ""}[figure["met"]]
            print(f"{figure['name']:58} {number(figure['value']):>12} {figure['unit']:12} {figure.get('goal') or '':10} {word}", flush=True)
        everything += figures
        if why:
            broken += 1
            print(f"{os.path.basename(program)}: {why}", flush=True)
    os.makedirs("build", exist_ok=True)
    with open("build/bench.json", "w", encoding="utf-8") as f:
        json.dump({"processors": os.cpu_count(), "machine": platform.machine(), "figures": everything}, f, indent=1)
    missed = sum(1 for f in everything if f["met"] is False)
    print(f"{len(everything)} figures, {missed} goals missed" + (f", {broken} benchmarks broken" if broken else "") + "; build/bench.json")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
