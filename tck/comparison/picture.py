"""The whole table as a picture: rules from top to bottom, techniques from left to right."""

from html import escape

from verdict import Mark

CELL = 15
LEFT = 300
TOP = 130
COLOURS = {
    Mark.PASSED: "#4c9a6a",
    Mark.REFUSED: "#9db4c8",
    Mark.WARNED: "#e3b04b",
    Mark.FAILED: "#c8553d",
    Mark.NOT_ASKED: "#efefef",
}
LEGEND = {
    Mark.PASSED: "keeps the rule",
    Mark.REFUSED: "refuses in words",
    Mark.WARNED: "goes on with a warning",
    Mark.FAILED: "breaks the rule",
    Mark.NOT_ASKED: "not asked",
}


def draw(rows, groups):
    """An SVG. Rows are (number, name); a group is its title and columns of (title, marks by number)."""
    columns = sum(len(group) for _, group in groups) + len(groups) - 1
    width, height = LEFT + columns * CELL + 60, TOP + len(rows) * CELL + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for place, (number, name) in enumerate(rows):
        parts.append(text(LEFT - 6, TOP + place * CELL + 11, f"{name}  {number}", "end"))
    at = LEFT
    for title, group in groups:
        parts.append(text(at, 14, title, "start", "bold"))
        for column, marks in group:
            parts.append(turned(at + 11, TOP - 6, column))
            parts.extend(cell(at, TOP + place * CELL, marks[number]) for place, (number, _) in enumerate(rows))
            at += CELL
        at += CELL
    parts.extend(legend(TOP + len(rows) * CELL + 20))
    return "\n".join(parts) + "\n</svg>\n"


def text(x, y, words, anchor, weight="normal"):
    """A line of words."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'


def turned(x, y, words):
    """A title above a column."""
    return f'<text transform="translate({x},{y}) rotate(-60)">{escape(words)}</text>'


def cell(x, y, mark):
    """A square of a mark's colour, with the mark on it for those who see no colours."""
    square = f'<rect x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}" fill="{COLOURS[mark]}"/>'
    sign = "" if mark in (Mark.PASSED, Mark.NOT_ASKED) else mark.value
    return square + (f'<text x="{x + CELL / 2}" y="{y + 11}" text-anchor="middle" fill="white">{sign}</text>' if sign else "")


def legend(y):
    """What the colours mean."""
    x = 20
    for mark, meaning in LEGEND.items():
        yield cell(x, y, mark) + text(x + CELL + 5, y + 11, meaning, "start")
        x += CELL + 20 + 6 * len(meaning)
