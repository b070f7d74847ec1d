"""Judges the statistics of the reports with NumPy and SciPy: reads data and our figures
from standard input, and says what differs."""

import json
import math
import sys

import numpy as np
from scipy import stats


def bonett(before, after):
    """Cohen's d_av and its interval, written from Bonett (2008) by covariance matrix."""
    cov = np.cov(before, after, ddof=1)
    n, s2 = len(before), np.trace(cov) / 2
    d = (np.mean(after) - np.mean(before)) / math.sqrt(s2)
    contrast = np.array([-1.0, 1.0])
    spread = np.sum(cov**2)  # v1^2 + v2^2 + 2 cov^2
    variance = d**2 * spread / (8 * (n - 1) * s2**2) + contrast @ cov @ contrast / ((n - 1) * s2)
    low, high = stats.norm.interval(0.95, loc=d, scale=math.sqrt(variance))
    return d, low, high


def kr20(rows):
    """Cronbach's alpha of zeros and ones, which KR-20 is."""
    table = np.array(rows, dtype=float)
    k = table.shape[1]
    return k / (k - 1) * (1 - table.var(axis=0, ddof=1).sum() / table.sum(axis=1).var(ddof=1))


def discrimination(rows, item):
    table = np.array(rows, dtype=float)
    rest = np.delete(table, item, axis=1).mean(axis=1)
    return stats.pointbiserialr(table[:, item] > 0, rest).statistic


def main():
    wrong = []
    cases = json.load(sys.stdin)
    for number, case in enumerate(cases):
        pairs, rows, ours = np.array(case["pairs"]), case["rows"], case["ours"]
        before, after = pairs[:, 0], pairs[:, 1]
        d, low, high = bonett(before, after)
        theirs = {
            "before": stats.tmean(before),
            "after": stats.tmean(after),
            "before_deviation": stats.tstd(before),
            "after_deviation": stats.tstd(after),
            "median": float(np.median(before)),
            "correlation": stats.pearsonr(before, after).statistic,
            "d": d,
            "low": low,
            "high": high,
            "gain": (after.mean() - before.mean()) / (100 - before.mean()),
            "kr20": kr20(rows),
            "discrimination": discrimination(rows, 0),
        }
        for name, expected in theirs.items():
            if not math.isclose(ours.get(name, math.nan), expected, rel_tol=1e-9, abs_tol=1e-9):
                wrong.append(f"case {number}, {name}: expected {expected}, found {ours.get(name)}")
        if set(theirs) != set(ours):
            wrong.append(f"case {number}: other figures than {sorted(theirs)}")
    if wrong or not cases:
        sys.exit("\n".join(wrong) or "no cases")
    print(f"{len(cases)} cases agree")


main()
