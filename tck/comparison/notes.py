"""What is to be known of a rule that PEFT breaks, beside what was seen."""

import re

NOTES = {}


def way(found):
    """What was seen, without the names and numbers in which two cases of the same differ."""
    text = re.sub(r"^on [\w-]+: ", "", found)
    text = re.sub(r"\b(base_model|model|prompt_\w+|bert|transformer)\.[\w.]+", "NAME", text)
    return re.sub(r"-?\d[\d.e+-]*", "N", text)
