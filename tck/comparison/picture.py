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
# a white sign on the colour, for those who tell colours apart badly: strokes from a cell's corner
SIGNS = {Mark.REFUSED: "m4 7.5h7", Mark.WARNED: "m7.5 4v7", Mark.FAILED: "m5 5l5 5m0-5l-5 5"}
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
    bottom = TOP + len(rows) * CELL
    width, height = LEFT + columns * CELL + 80, bottom + 50
    labels = [text(LEFT - 6, TOP + place * CELL + 11, f"{name}  {number}", "end") for place, (number, name) in enumerate(rows)]
    cells = []
    at = LEFT
    for title, group in groups:
        labels.append(text(at, 14, title, "start", "bold"))
        for column, marks in group:
            labels.append(turned(at + 11, TOP - 6, column))
            cells += [(marks[number], at, TOP + place * CELL) for place, (number, _) in enumerate(rows)]
            at += CELL
        at += CELL
    at = 20
    for mark, meaning in LEGEND.items():
        cells.append((mark, at, bottom + 20))
        labels.append(text(at + CELL + 5, bottom + 31, meaning, "start"))
        at += CELL + 30 + 6 * len(meaning)
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{height}" fill="white"/>', *labels, *painted(cells), "</svg>\n"])


def text(x, y, words, anchor, weight="normal"):
    """A line of words."""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'


def turned(x, y, words):
    """A title above a column."""
    return f'<text transform="translate({x},{y}) rotate(-60)">{escape(words)}</text>'


def painted(cells):
    """Squares in the colours of their marks, (mark, x, y), with signs on them: a path for all squares of a mark."""
    side = CELL - 2
    for mark, colour in COLOURS.items():
        corners = [(x, y) for own, x, y in cells if own is mark]
        squares = "".join(f"M{x + 1} {y + 1}h{side}v{side}h-{side}z" for x, y in corners)
        yield f'<path fill="{colour}" d="{squares}"/>'
        if mark in SIGNS:
            signs = "".join(f"M{x} {y}{SIGNS[mark]}" for x, y in corners)
            yield f'<path fill="none" stroke="white" stroke-width="1.5" d="{signs}"/>'
