"""What a rule comes to, and how it is told that an error is a refusal."""

import linecache
import warnings
from enum import Enum
from typing import NamedTuple


class Mark(Enum):
    """What came of a rule, from the best to the worst."""

    NOT_ASKED = "·"
    PASSED = "✓"
    REFUSED = "○"
    WARNED = "!"
    FAILED = "✗"


class Verdict(NamedTuple):
    """A mark and what was found."""

    mark: Mark
    found: str = ""


class Broken(Exception):
    """A rule is broken; the message says what was found."""


class Refusal(Exception):
    """PEFT refuses to attach; holds its error."""

    def __str__(self):
        return brief(self.args[0])


PASSED = Verdict(Mark.PASSED)


def refused(error):
    """PEFT says that it does not do this."""
    return Verdict(Mark.REFUSED, f"refused: {brief(error)}")


def not_asked(why):
    """The rule cannot be asked."""
    return Verdict(Mark.NOT_ASKED, why)


def warned(found):
    """The rule asks for a refusal, and there is a warning."""
    return Verdict(Mark.WARNED, found)


def worst(verdicts):
    """The worst of several, with what was found where."""
    return max(verdicts, key=lambda verdict: list(Mark).index(verdict.mark))


def brief(error):
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:120]}{'…' if len(text) > 120 else ''}"


def deliberate(error):
    """Whether somebody wrote this error for a person to read: it comes from a raise, or from the reader of a file."""
    if "afetensor" in type(error).__name__ or type(error).__name__ == "JSONDecodeError":
        return True
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip()
    return not isinstance(error, KeyError) and line.startswith("raise")


def attempt(action):
    """The error that an action ends with, or None, and the warnings that it gives."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            action()
        except Exception as error:  # whatever it is, it is what was found
            return error, [str(warning.message) for warning in heard]
    return None, [str(warning.message) for warning in heard]


def that(holds, otherwise):
    """Something holds."""
    if not holds:
        raise Broken(otherwise)


def close(found, expected, tolerance, what):
    """Two rows of numbers agree; NaN agrees with nothing."""
    that(found.shape == expected.shape, f"{what}: shape {tuple(found.shape)} where {tuple(expected.shape)} was expected")
    if found.numel() == 0:
        return
    difference = (found.double() - expected.double()).abs()
    most = float(difference.nan_to_num(float("inf")).max())
    bound = "to the bit" if tolerance == 0 else f"within {tolerance:g}"
    that(most <= tolerance, f"{what}: off by {most:.2g}, expected {bound}")


def same_bits(found, expected, what):
    """Two rows of numbers are equal."""
    close(found, expected, 0, what)


def different(found, other, what):
    """Two rows of numbers differ in something."""
    that(found.shape != other.shape or not bool((found == other).all()), what)
