"""What Graft's own techniques come to: those shipped keep every rule, which ShippedMethodsTest asserts; declarations say which they turn round."""

from pathlib import Path

import yaml

from verdict import Mark

ROOT = Path(__file__).parent.parent.parent
TITLES = {
    "lora": "LoRA, DoRA", "ia3": "IA³", "prefix": "prefix tuning", "p-tuning-v2": "P-tuning v2", "prompt": "prompt tuning",
    "p-tuning": "P-tuning", "bitfit": "BitFit", "adapter": "bottleneck adapters", "adapter-fusion": "AdapterFusion", "ppt": "PPT",
    "hard-prompt": "hard prompts", "sparse": "sparse", "diff-pruning": "diff pruning", "full": "full fine-tuning",
}

# the rules that ask for a refusal where a capability is declared away, and those that are not asked then
REFUSED = {"merge": "6.01", "combine": "7.03", "stack": "7.01"}
NOT_ASKED = {"merge": ("6.02", "6.04", "6.05", "6.06")}


def techniques():
    """Each technique's title and marks by rule, as its declaration has it."""
    return [(title, marks(declaration(id))) for id, title in TITLES.items()]


def declaration(id):
    """What the kit is told of a technique."""
    return yaml.safe_load((ROOT / f"plugins/methods/{id}/src/main/resources/META-INF/graft/tck/{id}.yaml").read_text())


def in_settings(declared):
    """What the technique cannot do, for each setting."""
    return [set(declared.get("cannot", ())) | set(one.get("cannot", ())) for one in declared["settings"]]


def refused_in_part(declared):
    """The rules that the declaration turns round in some settings and not in others."""
    return {REFUSED[word] for word in set.union(*in_settings(declared)) - set.intersection(*in_settings(declared)) if word in REFUSED}


class marks(dict):
    """Marks by rule: kept, unless the declaration turns the rule round in every setting."""

    def __init__(self, declared):
        cannot = set.intersection(*in_settings(declared))
        super().__init__({REFUSED[word]: Mark.REFUSED for word in cannot if word in REFUSED})
        self.update({rule: Mark.NOT_ASKED for word in cannot for rule in NOT_ASKED.get(word, ())})

    def __missing__(self, number):
        return Mark.PASSED
