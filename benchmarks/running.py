"""Runs things side by side, each in a process of its own, and prints their medians."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Figures:
    seconds: float
    peak_mb: float


@dataclass(slots=True)
class Contender:
    """One of the ways that are compared. `function` is MODULE.FUNCTION of this package."""

    label: str
    function: str
    options: Mapping[str, Any]
    environment: Mapping[str, str]
    goal: str = ""
    found: list[Figures] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return median(figures.seconds for figures in self.found)

    @property
    def peak_mb(self) -> float:
        return median(figures.peak_mb for figures in self.found)

    def ratio_to(self, other: "Contender") -> float:
        """Return the median of the ratios of runs that followed each other: a busy minute hits both."""
        pairs = zip(self.found, other.found, strict=True)
        return median(mine.seconds / its.seconds for mine, its in pairs)


def compare(title: str, contenders: Sequence[Contender], repeats: int) -> None:
    """Run all in turn, `repeats` times, and print a table. The others are compared with the last."""
    for _ in range(repeats):
        for contender in contenders:
            contender.found.append(
                run(contender.function, contender.options, contender.environment)
            )
    _print_table(title, contenders)


def run(function: str, options: Mapping[str, Any], environment: Mapping[str, str]) -> Figures:
    """Run once. What the process prints on standard error is shown."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", function, json.dumps(options)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return Figures(**json.loads(finished.stdout.splitlines()[-1]))


def _print_table(title: str, contenders: Sequence[Contender]) -> None:
    print(f"\n{title}")
    print(f"  {'':<46} {'seconds':>9} {'ratio':>7} {'peak MB':>8}  goal")
    for contender in contenders:
        ratio = contender.ratio_to(contenders[-1])
        print(
            f"  {contender.label:<46} {contender.seconds:>9.3f} {ratio:>7.2f}"
            f" {contender.peak_mb:>8.0f}  {contender.goal}".rstrip(),
            flush=True,
        )
