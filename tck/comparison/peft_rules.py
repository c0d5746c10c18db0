"""Holds the techniques of Hugging Face PEFT to the rules of Graft's test kit; see README.md."""

import argparse
import fnmatch
import gc
import sys
import time
import warnings

import torch

import methods
import page
import rules
from stage import Trial
from verdict import Broken, Mark, Verdict, brief, deliberate, refused, worst


def examine(number, method):
    """What a rule comes to for a method: the worst of its settings."""
    settings = method.settings[:1] if number in rules.ONCE else method.settings
    return worst([in_setting(number, Trial(method, setting)) for setting in settings])


def in_setting(number, trial):
    """What a rule comes to in one setting."""
    try:
        verdict = rules.CHECKS[number](trial)
    except Broken as broken:
        verdict = Verdict(Mark.FAILED, str(broken))
    except Exception as error:  # PEFT does not let the rule come to its end
        verdict = refused(error) if deliberate(error) else Verdict(Mark.FAILED, f"ends with {brief(error)}")
    return verdict._replace(found=f"on {trial.model}: {verdict.found}") if verdict.found else verdict


def chosen(arguments):
    """The rules and methods that are asked for."""
    fits = lambda one, patterns: not patterns or any(fnmatch.fnmatch(one, pattern) for pattern in patterns.split(","))
    numbers = [number for number in rules.CHECKS if fits(number, arguments.rule)]
    asked = [method for method in methods.METHODS if fits(method.id, arguments.method)]
    if not numbers or not asked:
        sys.exit(f"no rule or no method of this name; methods: {', '.join(method.id for method in methods.METHODS)}")
    return numbers, asked


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rule", help="numbers or patterns, such as 8.01,5.*")
    parser.add_argument("--method", help="ids or patterns, such as lora,ia3")
    parser.add_argument("--write", metavar="DIR", help="write comparison.md and comparison.svg to this folder (the whole table)")
    return parser.parse_args()


def main():
    """Tries, prints, and writes the page if asked to."""
    asked = arguments()
    numbers, tried = chosen(asked)
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    gc.freeze()  # what the libraries hold is not counted
    began = time.time()
    table = {}
    for method in tried:
        for number in numbers:
            table[number, method.id] = verdict = examine(number, method)
            if verdict.found and verdict.mark is not Mark.NOT_ASKED:
                print(f"{verdict.mark.value} {number} {method.id}: {verdict.found}", flush=True)
    page.print_table(numbers, tried, table)
    print(f"{len(table)} verdicts in {time.time() - began:.0f} s")
    if asked.write:
        page.write(asked.write, numbers, tried, table)


if __name__ == "__main__":
    main()
