"""How long `screener rules check` proves the shipped rulebook, with the solver and by enumeration alone, in turns.

Both must say the same. Prints the median, fastest and slowest run of each, and how many times longer enumeration takes. Nothing here is
a test: times depend on the machine, the ratio hardly does.

    python benchmarks/proofs.py [--rounds 7] [--rules FOLDER]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path

from screener.engine.loader import load_ruleset
from screener.engine.proof import prove
from screener.engine.rules import Ruleset
from screener.paths import rules_folder

WAYS = {"with the solver": True, "by enumeration alone": False}


def seconds(ruleset: Ruleset, use_solver: bool) -> float:
    """How long one proof of the whole rulebook takes; ends the program where a proof fails."""
    begun = time.perf_counter()
    report = prove(ruleset, random.Random(0).randrange, use_solver=use_solver)
    taken = time.perf_counter() - begun
    if report.errors:
        raise SystemExit(f"{report.errors[0]}: mend the rulebook first, a failed proof ends early")
    return taken


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--rounds", type=int, default=7)
    reader.add_argument("--rules", type=Path, default=rules_folder())
    chosen = reader.parse_args()
    ruleset = load_ruleset(chosen.rules)
    taken: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(chosen.rounds):
        for way, use_solver in WAYS.items():
            taken[way].append(seconds(ruleset, use_solver))
    print(f"{len(ruleset.rules)} rules, {len(ruleset.items)} items, {chosen.rounds} rounds")
    for way, times in taken.items():
        print(f"{way:<22} {statistics.median(times):6.2f} s (from {min(times):.2f} to {max(times):.2f})")
    solver, enumeration = (statistics.median(times) for times in taken.values())
    print(f"enumeration takes {enumeration / solver:.2f} times as long")


if __name__ == "__main__":
    main()
