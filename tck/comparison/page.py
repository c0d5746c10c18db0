"""The table in text, and as a page: what stands between the markers of docs/comparison.md, and the picture beside it."""

import platform
import re
from pathlib import Path

import peft
import torch
import transformers

import graft
import methods
import notes
import picture
import rules
from verdict import Mark

ROOT = Path(__file__).parent.parent.parent
COMMAND = "python tck/comparison/peft_rules.py"


def print_table(numbers, tried, table):
    """Rules by methods, a mark each."""
    for index, method in enumerate(tried):
        print("     " + "│ " * index + "┌ " + method.title)
    for number in numbers:
        print(number + " " + " ".join(table[number, method.id].mark.value for method in tried))
    print("   ".join(f"{mark.value} {mark.name.lower().replace('_', ' ')}" for mark in Mark))


def write(folder, numbers, tried, table):
    """Fills in the page, and draws the picture."""
    folder = Path(folder)
    fill(folder / "comparison.md", {
        "versions": versions(),
        "both": marks_of(numbers, [one for one in tried if one.graft], table, with_graft=True),
        "alone": marks_of(numbers, [one for one in tried if not one.graft], table, with_graft=False),
        "found": found(numbers, tried, table),
        "refused": refusals(numbers, tried, table),
        "kept": kept(numbers, tried, table),
        "left-out": "\n".join(f"- {names}: {why}." for names, why in methods.NOT_TRIED.items()),
    })
    (folder / "comparison.svg").write_text(drawn(numbers, tried, table))


def fill(page, fragments):
    """Replaces what stands between markers."""
    text = page.read_text()
    for name, fragment in fragments.items():
        between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.S)
        assert between.search(text), f"{page} has no markers for {name}"
        text = between.sub(lambda match: match[1] + fragment + "\n" + match[2], text)
    page.write_text(text)


def versions():
    """What was tried."""
    return (f"PEFT {peft.__version__}, transformers {transformers.__version__}, torch {torch.__version__.split('+')[0]}, "
            f"Python {platform.python_version()}, on a CPU, in one thread.")


def drawn(numbers, tried, table):
    """The picture."""
    saying = rules.sentences()
    column = lambda method: (method.title, {number: table[number, method.id].mark for number in numbers})
    return picture.draw([(number, words(saying[number][2])) for number in numbers], [
        ("Graft", graft.techniques()),
        ("PEFT", [column(one) for one in tried if one.graft]),
        ("PEFT alone", [column(one) for one in tried if not one.graft]),
    ])


def words(name):
    """The name of a rule's test as words."""
    return re.sub(r"([A-Z]|\d+)", lambda match: " " + match[1].lower(), name)


def address(number):
    """A link to a rule."""
    level, _, name = rules.sentences()[number]
    return f"[{number}](../tck/RULES.md#{number.replace('.', '')}-{level.lower()}) {words(name)}"


def marks_of(numbers, tried, table, with_graft):
    """A table of marks."""
    titles = ["rule"] + [method.title for method in tried] + (["Graft"] if with_graft else [])
    lines = [" | ".join(titles), " | ".join(["---"] + [":-:"] * (len(titles) - 1))]
    for number in numbers:
        cells = [address(number)] + [table[number, method.id].mark.value for method in tried]
        lines.append(" | ".join(cells + ([of_graft(number, tried)] if with_graft else [])))
    return "\n".join(f"| {line} |" for line in lines)


def of_graft(number, tried):
    """The marks of Graft's own techniques: one, or one for each group that differs."""
    declared = {name: graft.declaration(name) for name in dict.fromkeys(method.graft for method in tried)}
    kept = [name for name, one in declared.items() if graft.marks(one)[number] is Mark.PASSED]
    parts = [Mark.PASSED.value] if kept else []
    for mark in (Mark.REFUSED, Mark.NOT_ASKED):
        names = [graft.TITLES[name] for name, one in declared.items() if graft.marks(one)[number] is mark]
        parts += [f"{mark.value} {', '.join(names)}"] if names else []
    partly = [graft.TITLES[name] for name in kept if number in graft.refused_in_part(declared[name])]
    return "; ".join(parts + ([f"{Mark.REFUSED.value} in part {', '.join(partly)}"] if partly else []))


def found(numbers, tried, table):
    """Each rule that is not kept, with what was seen and how to see it again."""
    sections = []
    for number in numbers:
        broken = [method for method in tried if table[number, method.id].mark in (Mark.FAILED, Mark.WARNED)]
        if broken:
            sections.append(section(number, broken, table))
    return "\n\n".join(sections)


def section(number, broken, table):
    """One rule, with who does not keep it."""
    _, sentence, _ = rules.sentences()[number]
    lines = [f"### {address(number)}", "", f"*{sentence}*", ""]
    if number in notes.NOTES:
        lines += [notes.NOTES[number], ""]
    shown = alike(number, broken, table)
    for method, others in shown:
        verdict = table[number, method.id]
        likewise = f" Likewise {', '.join(one.title for one in others)}." if others else ""
        lines.append(f"- {verdict.mark.value} **{method.title}** {verdict.found.rstrip('.?')}.{likewise}  \n"
                     f"  `{COMMAND} --rule {number} --method {method.id}`")
    return "\n".join(lines)


def refusals(numbers, tried, table):
    """Each rule that somebody refuses, with what PEFT says."""
    lines = []
    for number in numbers:
        refusing = [method for method in tried if table[number, method.id].mark is Mark.REFUSED]
        for method, others in alike(number, refusing, table):
            names = ", ".join(one.title for one in [method, *others])
            lines.append(f"- {number} {names}: {table[number, method.id].found.removeprefix('refused: ').rstrip('.?')}.")
    return "\n".join(lines)


def alike(number, broken, table):
    """Methods that fail in the same way: the first, and the others."""
    way = lambda method: notes.way(table[number, method.id].found)
    ways = {}
    for method in broken:
        ways.setdefault((table[number, method.id].mark, way(method)), []).append(method)
    return [(group[0], group[1:]) for group in ways.values()]


def kept(numbers, tried, table):
    """The rules that every technique keeps."""
    fine = (Mark.PASSED, Mark.NOT_ASKED)
    all_keep = [number for number in numbers if all(table[number, method.id].mark in fine for method in tried)]
    return "\n".join(f"- {address(number)}" for number in all_keep)
