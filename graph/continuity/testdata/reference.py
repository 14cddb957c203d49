"""Writes reference.json: values that the tests of this package compare with.

Run with scipy 1.17.1, statsmodels 0.15.0, krippendorff 0.9.0 and numpy 2.4.6:

    python3 -m venv /tmp/pyref
    /tmp/pyref/bin/pip install scipy==1.17.1 statsmodels==0.15.0 krippendorff==0.9.0 numpy==2.4.6
    /tmp/pyref/bin/python reference.py

Where a library has the statistic, the library computed it. The rest is written
down here a second time, in another style than the Go code: exact integers, no
incremental updates, the definition as it stands. corpus/ holds the columns
that these measures need of the project's corpus, frozen.
"""

import csv
import datetime
import itertools
import json
import math
import os
from fractions import Fraction

import krippendorff
import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

HERE = os.path.dirname(os.path.abspath(__file__))
out = {}


def null(x):
    return None if x is None or math.isnan(x) or math.isinf(x) else float(x)


# --- single statistics -------------------------------------------------------

out["wilson"] = [
    {"x": x, "n": n, "low": lo, "high": hi}
    for x, n in [(0, 6), (3, 6), (6, 6), (1, 74), (37, 74), (73, 74), (2.5, 9), (412, 5000)]
    for lo, hi in [proportion_confint(x, n, method="wilson")]
]


def odds(p):
    return None if p in (0, 1) else p / (1 - p)


out["clopperPearsonOdds"] = [
    {"x": x, "n": n, "low": odds(lo), "high": odds(hi)}
    for x, n in [(0, 4), (4, 4), (1, 1), (3, 7), (12, 15), (40, 90), (1, 200)]
    for lo, hi in [proportion_confint(x, n, method="beta")]
]

out["benjaminiHochberg"] = [
    {"p": p, "q": list(map(float, multipletests(p, method="fdr_bh")[1]))}
    for p in [
        [0.01, 0.04, 0.03, 0.005],
        [1.0, 0.5, 0.5, 0.9, 0.02, 0.02],
        [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
         0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0],
        [0.7],
    ]
]

tables = [(8, 2, 1, 5), (3, 3, 3, 3), (10, 0, 0, 10), (1, 24, 20, 29), (0, 5, 7, 62), (120, 80, 300, 4500), (2, 1, 1, 2)]
out["fisher"] = [
    {"a": a, "r": a + b, "c": a + c, "n": a + b + c + d, "p": float(stats.fisher_exact([[a, b], [c, d]])[1])}
    for a, b, c, d in tables
]
out["residual"] = [
    {"a": a, "r": a + b, "c": a + c, "n": a + b + c + d,
     "z": float(Table(np.array([[a, b], [c, d]]), shift_zeros=False).standardized_resids[0][0])}
    for a, b, c, d in tables
]

out["hypergeometric"] = [
    {"total": total, "marked": marked, "draws": draws, "least": max(0, draws - (total - marked)),
     "p": [float(Fraction(math.comb(marked, m) * math.comb(total - marked, draws - m), math.comb(total, draws)))
           for m in range(max(0, draws - (total - marked)), min(marked, draws) + 1)]}
    for total, marked, draws in [(10, 4, 3), (74, 12, 40), (5000, 300, 250), (7, 7, 3), (9, 2, 8)]
]

out["evenness"] = [
    {"counts": c, "sizes": s, "value": float(stats.entropy(np.array(c) / np.array(s), base=len(s)))}
    for c, s in [([1, 1, 1, 0], [2, 1, 2, 1]), ([2, 0, 1, 0], [2, 1, 2, 1]), ([3, 1, 4, 1, 5], [9, 2, 6, 5, 35])]
]


def burst(days):
    k = len(days)
    gaps = np.diff(days)
    if k < 4 or gaps.mean() == 0:
        return None
    r = gaps.std() / gaps.mean()
    return float((math.sqrt(k + 1) * r - math.sqrt(k - 1)) / ((math.sqrt(k + 1) - 2) * r + math.sqrt(k - 1)))


out["burstiness"] = [
    {"days": d, "value": burst(d)}
    for d in [[0, 10, 20, 30], [0, 0, 0, 100], [1, 5, 400, 401, 402, 4000], [7, 7, 7, 7], [1, 2, 3]]
]

# Reliability data: a row per coder, a column per unit, nan for missing. The
# first is the example of Krippendorff's paper (nominal α there 0.743).
x = math.nan
reliability = [
    [[1, 2, 3, 3, 2, 1, 4, 1, 2, x, x, x], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, x, 3],
     [x, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, x], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, x]],
    [[1, 1, 2, 3, 3, x, 2, 2, 1], [1, 2, 2, 3, 1, 1, x, 2, 1]],
    [[1, x, 3, 2, 2, 1, 1], [x, 2, 3, 2, 1, 1, 3], [3, 2, x, 2, 2, 1, 1]],
]
out["alpha"] = [
    {"categories": 5 if i == 0 else 3,
     "values": [[None if math.isnan(v) else int(v) - 1 for v in row] for row in data],
     "nominal": float(krippendorff.alpha(np.array(data, float), level_of_measurement="nominal")),
     "ordinal": float(krippendorff.alpha(np.array(data, float), level_of_measurement="ordinal"))}
    for i, data in enumerate(reliability)
]


# --- occupancy, by exact integers --------------------------------------------

def occupancy(sizes, k):
    """Ways to draw k so that a periods are reached, from the generating function."""
    ways = {(0, 0): 1}
    for n in sizes:
        step = {}
        for (a, j), w in ways.items():
            for m in range(0, min(n, k - j) + 1):
                key = (a + (m > 0), j + m)
                step[key] = step.get(key, 0) + w * math.comb(n, m)
        ways = step
    return [ways.get((a, k), 0) for a in range(len(sizes) + 1)]


def tails(sizes, k):
    w = occupancy(sizes, k)
    return [float(Fraction(sum(w[a:]), math.comb(sum(sizes), k))) for a in range(len(w))]


def expected(sizes, k):
    n = sum(sizes)
    return float(sum(1 - Fraction(math.comb(n - m, k), math.comb(n, k)) for m in sizes))


out["occupancy"] = [
    {"sizes": s, "k": k, "tails": tails(s, k), "expected": expected(s, k)}
    for s in [[2, 1, 2, 1], [1] * 9, [5, 1, 3, 8, 2, 1, 1], [40, 1, 1, 30, 2], [100, 150, 90, 1, 3, 200]]
    for k in [2, 3, min(7, sum(s) - 1), sum(s) // 2, sum(s) - 1]
]


# --- the corpus, end to end --------------------------------------------------

def rows(name):
    with open(os.path.join(HERE, "corpus", name + ".csv"), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def earliest(text):
    y, m, d = (text.split("-") + ["1", "1"])[:3]
    return datetime.date(int(y), int(m), int(d))


MATCHES = {"EXACT", "CLOSE", "NARROWER"}
incidents = {r["id"]: r for r in rows("incidents")}
norms = {r["id"]: r for r in rows("norms")}
core = {i for i, r in norms.items() if r["level"] == "CORE_IDEA"}
ideas = {i: ({i} if i in core else set()) for i in norms}
for m in rows("norm_mappings"):
    if m["to_norm"] in core and m["match"] in MATCHES:
        ideas[m["from_norm"]].add(m["to_norm"])
assessments = rows("assessments")
contained = {}
for p in rows("agreement_norms"):
    contained.setdefault(p["agreement"], set()).update(ideas[p["norm"]])
dates = {r["id"]: r["date"] for r in rows("agreements")}


def order(i):
    return (earliest(incidents[i]["start_date"]), len(incidents[i]["start_date"]), i)


def blocks(members, width, base):
    return {(earliest(incidents[i]["start_date"]).year - base) // width for i in members}


def by_block(E, width, base):
    sizes = {}
    for i in E:
        b = (earliest(incidents[i]["start_date"]).year - base) // width
        sizes[b] = sizes.get(b, 0) + 1
    return sizes


def even(E, R, width, base):
    if not R:
        return 0.0
    n, r = by_block(E, width, base), by_block(R, width, base)
    if len(n) == 1:
        return 1.0
    return min(1.0, float(stats.entropy([r.get(b, 0) / n[b] for b in sorted(n)], base=len(n))))


def score(E, R, width, base, w):
    if not R:
        return 0.0
    Y = blocks(E, width, base)
    share, persistence = len(R) / len(E), len(blocks(R, width, base)) / len(Y)
    if len(Y) == 1:
        return share
    return share ** w[0] * persistence ** w[1] * even(E, R, width, base) ** w[2]


class PCG:
    """PCG-DXSM as Go's math/rand/v2 seeds and uses it."""

    def __init__(self, seed1, seed2):
        self.state = (seed1 << 64 | seed2) & (1 << 128) - 1

    def uint64(self):
        mul = 2549297995355413924 << 64 | 4865540595714422341
        inc = 6364136223846793005 << 64 | 1442695040888963407
        self.state = (self.state * mul + inc) & (1 << 128) - 1
        hi, lo = self.state >> 64, self.state & (1 << 64) - 1
        mask = (1 << 64) - 1
        hi ^= hi >> 32
        hi = hi * 0xDA942042E4DD58B5 & mask
        hi ^= hi >> 48
        return hi * (lo | 1) & mask

    def intn(self, n):
        if n & (n - 1) == 0:
            return self.uint64() & (n - 1)
        product = (self.uint64() >> 32) * n
        while product & 0xFFFFFFFF < n and product & 0xFFFFFFFF < (1 << 32) % n:
            product = (self.uint64() >> 32) * n
        return product >> 32


def nearest_rank(values, q):
    return sorted(values)[max(1, math.ceil(q * len(values))) - 1]


def continuity(coders, width, w, resamples, seed):
    used = [a for a in assessments if a["coder"] in coders]
    E = sorted({a["incident"] for a in used}, key=order)
    base = earliest(incidents[E[0]]["start_date"]).year
    R = {}
    for a in used:
        if a["relevance"] != "NOT_RELEVANT":
            for g in ideas[a["norm"]]:
                R.setdefault(g, set()).add(a["incident"])
    sizes = [c for _, c in sorted(by_block(E, width, base).items())]
    n = len(E)

    ranks = {g: [] for g in R}
    for b in range(resamples):
        rng = PCG(seed, b)
        draw = [E[rng.intn(n)] for _ in E]
        scores = {g: round(score(draw, [i for i in draw if i in R[g]], width, base, w), 12) for g in R}
        for g in R:
            ranks[g].append(1 + sum(s > scores[g] for s in scores.values()))

    result = []
    with_norms = [a for a in contained]
    for g in sorted(R):
        k = len(R[g])
        members = sorted(R[g], key=order)
        days = [earliest(incidents[i]["start_date"]).toordinal() for i in members]
        s = score(E, members, width, base, w)
        left = np.array([score([j for j in E if j != i], [j for j in members if j != i], width, base, w) for i in E])
        half = 1.959963984540054 * math.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
        active = len(blocks(members, width, base))
        testable = 2 <= k < n and len(sizes) > 1
        stating = sorted((earliest(dates[a]), a) for a in contained if g in contained[a])
        judged = {}
        for a in used:
            if a["relevance"] != "NOT_RELEVANT" and g in ideas[a["norm"]]:
                credit = {"MITIGATED": 1, "WOULD_HAVE_MITIGATED": 1, "PARTLY": 0.5, "WOULD_NOT": 0}.get(a["mitigation"])
                if credit is not None:
                    judged.setdefault(a["incident"], []).append(credit)
        means = [sum(v) / len(v) for v in judged.values()]
        result.append({
            "key": g, "count": k, "share": k / n, "first": members[0], "last": members[-1],
            "active": active, "persistence": active / len(sizes),
            "expected": expected(sizes, k) if testable else None,
            "p": tails(sizes, k)[active] if testable else None,
            "evenness": even(E, members, width, base), "burstiness": burst(days), "score": s,
            "low": max(0, s - half), "high": min(1, s + half),
            "rankLow": nearest_rank(ranks[g], 0.025), "rankHigh": nearest_rank(ranks[g], 0.975),
            "agreements": len(stating), "agreementShare": len(stating) / len(with_norms),
            "firstAgreement": stating[0][1] if stating else "",
            "mitigated": sum(means) / len(means) if means else None,
        })
    tested = [r for r in result if r["p"] is not None]
    for r in result:
        r["q"] = None
    for r, q in zip(tested, multipletests([r["p"] for r in tested], method="fdr_bh")[1]):
        r["q"] = float(q)
    return {"coders": sorted(coders), "periodYears": width, "weights": w, "resamples": resamples, "seed": seed,
            "n": n, "burstiness": burst([earliest(incidents[i]["start_date"]).toordinal() for i in E]), "rows": result}


everyone = {a["coder"] for a in assessments}
out["continuity"] = [
    continuity({"coder-reading-a", "coder-reading-b"}, 1, [0.5, 0.5, 0], 200, 1),
    continuity({"coder-reading-a"}, 5, [0.2, 0.3, 0.5], 100, 7),
    continuity(everyone, 3, [1, 0, 0], 100, 42),
]


def drivers(width):
    E = sorted({a["incident"] for a in assessments}, key=order)
    R = {}
    for a in assessments:
        for g in ideas[a["norm"]]:
            R.setdefault(g, set()).add(a["incident"])

    def shift(d, years):
        try:
            return d.replace(year=d.year + years)
        except ValueError:
            return d.replace(year=d.year + years, day=28)

    first, last = earliest(incidents[E[0]]["start_date"]), earliest(incidents[E[-1]]["start_date"])
    result = []
    for g in sorted(R):
        row = {"key": g, "after": 0, "before": 0, "baseAfter": 0, "baseBefore": 0, "plus": 0, "minus": 0, "truncated": 0}
        for a in contained:
            if g not in contained[a]:
                continue
            A = earliest(dates[a])
            if shift(A, -width) < first or shift(A, width) > last:
                row["truncated"] += 1
                continue
            here = [0, 0]
            for i in E:
                I = earliest(incidents[i]["start_date"])
                if len(dates[a]) == 4 or len(incidents[i]["start_date"]) == 4:
                    lag = A.year - I.year
                    after, before = 1 <= lag <= width, -width <= lag <= -1
                else:
                    after, before = I < A <= shift(I, width), shift(I, -width) <= A < I
                row["baseAfter"] += after
                row["baseBefore"] += before
                if i in R[g]:
                    here[0] += after
                    here[1] += before
            row["after"] += here[0]
            row["before"] += here[1]
            row["plus"] += here[0] > here[1]
            row["minus"] += here[0] < here[1]
        result.append(row)
    return {"windowYears": width, "rows": result}


out["drivers"] = [drivers(w) for w in (2, 5, 10)]


def co_occurrence(coders):
    used = [a for a in assessments if a["coder"] in coders and a["relevance"] != "NOT_RELEVANT"]
    n = len({a["incident"] for a in used})
    groups = sorted({g for a in used for g in ideas[a["norm"]]})
    pairs = []
    for g, h in itertools.combinations(groups, 2):
        G = {a["incident"] for a in used if g in ideas[a["norm"]] and h not in ideas[a["norm"]]}
        H = {a["incident"] for a in used if h in ideas[a["norm"]] and g not in ideas[a["norm"]]}
        both = len(G & H)
        p = float(stats.fisher_exact([[both, len(G) - both], [len(H) - both, n - len(G | H)]])[1])
        pairs.append({"a": g, "b": h, "r": len(G), "c": len(H), "count": both, "p": p, "q": None,
                      "jaccard": both / len(G | H) if G | H else None,
                      "lift": both * n / (len(G) * len(H)) if G and H else None})
    tested = [x for x in pairs if 0 < x["r"] < n and 0 < x["c"] < n]
    for x, q in zip(tested, multipletests([x["p"] for x in tested], method="fdr_bh")[1]):
        x["q"] = float(q)
    return {"coders": sorted(coders), "pairs": pairs}


out["coOccurrence"] = [co_occurrence({"coder-editors"}), co_occurrence(everyone)]


def agreement(variable, coders, silence):
    scale = {"relevance": ["NOT_RELEVANT", "PARTLY_RELEVANT", "RELEVANT"],
             "conduct": ["UPHELD", "VIOLATED", "CONTESTED", "NOT_APPLICABLE"],
             "mitigation": ["MITIGATED", "WOULD_HAVE_MITIGATED", "PARTLY", "WOULD_NOT", "UNCLEAR"]}[variable]
    said = {}
    for a in assessments:
        if a["coder"] in coders and a[variable] in scale:
            for g in ideas[a["norm"]]:
                said.setdefault((a["incident"], g), {}).setdefault(a["coder"], []).append(scale.index(a[variable]))
    conflicts, units = 0, {}
    for unit, values in said.items():
        units[unit] = {}
        for c, v in values.items():
            if variable == "relevance":
                units[unit][c] = max(v)
            elif len(set(v)) == 1:
                units[unit][c] = v[0]
            else:
                conflicts += 1
    if silence:
        coded = {c: {a["incident"] for a in assessments if a["coder"] == c} for c in coders}
        full = {}
        for i in incidents:
            here = [c for c in coders if i in coded[c]]
            if len(here) > 1:
                for g in core:
                    full[i, g] = dict.fromkeys(here, 0) | units.get((i, g), {})
        units = full
    units = {u: v for u, v in units.items() if len(v) > 1}
    data = np.array([[v.get(c, math.nan) for v in units.values()] for c in sorted(coders)], float)
    pairs = [(x, y) for v in units.values() for x, y in itertools.combinations(v.values(), 2)]
    # Bootstrap over incidents with a unit, in (start, id) order, stream 1.
    columns = {}
    for column, (incident, _) in enumerate(units):
        columns.setdefault(incident, []).append(column)
    clusters = [columns[i] for i in sorted(columns, key=order)]
    alphas = []
    for b in range(100):
        rng = PCG(9, 1 << 32 | b)
        drawn = [clusters[rng.intn(len(clusters))] for _ in clusters]
        alphas.append(float(krippendorff.alpha(data[:, np.concatenate(drawn)], level_of_measurement="nominal")))
    return {"variable": variable.upper(), "coders": sorted(coders), "silence": silence, "resamples": 100, "seed": 9,
            "low": nearest_rank(alphas, 0.025), "high": nearest_rank(alphas, 0.975),
            "units": len(units), "pairs": len(pairs), "conflicts": conflicts,
            "raw": sum(x == y for x, y in pairs) / len(pairs),
            "nominal": float(krippendorff.alpha(data, level_of_measurement="nominal")),
            "ordinal": float(krippendorff.alpha(data, level_of_measurement="ordinal")) if variable == "relevance" else None}


readings = {"coder-reading-a", "coder-reading-b"}
out["agreement"] = [
    agreement("relevance", readings, True),
    agreement("relevance", everyone, False),
    agreement("conduct", readings, False),
    agreement("conduct", everyone, False),
    agreement("mitigation", readings, False),
    agreement("mitigation", everyone, False),
]

with open(os.path.join(HERE, "reference.json"), "w", encoding="utf-8") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
