#!/usr/bin/env bash
# Measures Graft beside PEFT, in turn, several rounds, with the same number of threads, and prints the medians of the
# rounds' ratios. A ratio of tokens per second above 1 means that Graft is faster, a ratio of memory below 1 that it needs
# less.
#
#   benchmarks/side-by-side.sh PYTHON PEFT_SCRIPTS_DIR [CASE...]
#
# PEFT_SCRIPTS_DIR holds peft_train.py and peft_generate.py, which take the options of benchmarks/run.sh train and generate,
# and print the same line of JSON. A case is one of train-float32, train-bfloat16, decode-1, decode-8, decode-8x8; without
# any, all are run. ROUNDS (3), THREADS (all cores) and OPTIONS (more options for both sides, such as "--layers 4") are read
# from the environment.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 2 ] || {
    sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
}
python=$1
scripts=$2
shift 2
cases=("$@")
[ ${#cases[@]} -gt 0 ] || cases=(train-float32 train-bfloat16 decode-1 decode-8 decode-8x8)
rounds=${ROUNDS:-3}
export OMP_NUM_THREADS=${THREADS:-$(getconf _NPROCESSORS_ONLN)}

options_of() {
    case $1 in
    train-float32) echo train --dtype float32 ;;
    train-bfloat16) echo train --dtype bfloat16 ;;
    decode-1) echo generate --batch 1 ;;
    decode-8) echo generate --batch 8 ;;
    decode-8x8) echo generate --batch 8 --adapters 8 ;;
    *)
        echo "side-by-side.sh: there is no case $1; allowed are train-float32, train-bfloat16, decode-1, decode-8, decode-8x8" >&2
        exit 2
        ;;
    esac
}

results=$(mktemp)
trap 'rm -f "$results"' EXIT
for case in "${cases[@]}"; do options_of "$case" > /dev/null; done
for ((round = 1; round <= rounds; round++)); do
    for case in "${cases[@]}"; do
        read -r -a options <<< "$(options_of "$case") ${OPTIONS:-}"
        command=${options[0]}
        graft=$("$here/run.sh" "${options[@]}")
        peer=$("$python" "$scripts/peft_$command.py" "${options[@]:1}")
        printf '%s\t%s\t%s\n' "$case" "$graft" "$peer" >> "$results"
        echo "round $round of $rounds, $case: done" >&2
    done
done

"$python" - "$results" << 'TABLE'
import json, statistics, sys

rows = {}
for line in open(sys.argv[1]):
    case, graft, peer = line.rstrip("\n").split("\t")
    rows.setdefault(case, []).append((json.loads(graft), json.loads(peer)))


def middle(pairs, key):
    return [statistics.median(pair[side][key] for pair in pairs) for side in (0, 1)] + [
        statistics.median(graft[key] / peer[key] for graft, peer in pairs)
    ]


form = "{:<16}{:>12}{:>12}{:>8}   {:>10}{:>10}{:>8}"
print(form.format("case", "graft tok/s", "peft tok/s", "ratio", "graft MiB", "peft MiB", "ratio"))
for case, pairs in rows.items():
    g, p, r = middle(pairs, "tokens_per_s")
    gm, pm, rm = middle(pairs, "peak_rss_mb")
    print(form.format(case, f"{g:.1f}", f"{p:.1f}", f"{r:.2f}", f"{gm:.0f}", f"{pm:.0f}", f"{rm:.2f}"))
TABLE
