"""Holds the techniques of Hugging Face PEFT to the rules of Graft's test kit; see README.md."""

import argparse
import fnmatch
import gc
import json
import sys
import warnings
from pathlib import Path

import torch

import methods
import page
import rules
from stage import Trial
from verdict import Broken, Mark, Refusal, Verdict, brief, refused, worst


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
    except Refusal as refusal:
        verdict = refused(refusal.args[0])
    except Exception as error:  # PEFT does not let the rule come to its end
        verdict = Verdict(Mark.FAILED, f"ends with {brief(error)}")
    return verdict._replace(found=f"on {trial.model}: {verdict.found}") if verdict.found else verdict


def examined(numbers, tried):
    """Verdicts by rule and method; what was found is printed as it is found."""
    table = {}
    for method in tried:
        for number in numbers:
            table[number, method.id] = verdict = examine(number, method)
            if verdict.found and verdict.mark is not Mark.NOT_ASKED:
                print(f"{verdict.mark.value} {number} {method.id}: {verdict.found}", flush=True)
    return table


def given(file):
    """Verdicts that were kept."""
    return {(number, method): Verdict(Mark[mark], found) for number, method, mark, found in json.loads(Path(file).read_text())}


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
    parser.add_argument("--keep", metavar="FILE", help="write the verdicts to this file")
    parser.add_argument("--given", metavar="FILE", help="take the verdicts from this file instead of trying")
    parser.add_argument("--write", metavar="DIR", help="write comparison.md and comparison.svg to this folder")
    return parser.parse_args()


def main():
    """Tries, prints, and writes the page if asked to."""
    asked = arguments()
    numbers, tried = chosen(asked)
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    gc.freeze()  # what the libraries hold is not counted
    table = given(asked.given) if asked.given else examined(numbers, tried)
    page.print_table(numbers, tried, table)
    if asked.keep:
        Path(asked.keep).write_text(json.dumps([(*key, verdict.mark.name, verdict.found) for key, verdict in table.items()], indent=0))
    if asked.write:
        page.write(asked.write, numbers, tried, table)


if __name__ == "__main__":
    main()
