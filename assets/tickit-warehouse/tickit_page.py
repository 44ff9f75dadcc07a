"""A page of HTML that needs no other file."""

from decimal import Decimal
from html import escape

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f6f8; color: #222b33; font: 15px/1.5 "Helvetica Neue", Helvetica, Arial, sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 32px 20px 56px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; }
h2 { font-size: 20px; margin: 0; }
p { margin: 4px 0 0; color: #5a6672; }
section { background: #fff; border: 1px solid #dde3e8; border-radius: 8px; margin-top: 24px; padding: 22px 24px; }
dl { display: flex; flex-wrap: wrap; gap: 16px; margin: 22px 0 0; }
dl div { flex: 1 1 180px; background: #fff; border: 1px solid #dde3e8; border-radius: 8px; padding: 14px 20px; }
dt { color: #5a6672; font-size: 13px; }
dd { margin: 0; font-size: 26px; font-weight: 600; font-variant-numeric: tabular-nums; }
figure { margin: 16px 0 0; }
figure svg { display: block; width: 100%; height: auto; font-family: inherit; }
.wide { overflow-x: auto; margin-top: 16px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { padding: 5px 10px; text-align: left; border-bottom: 1px solid #e8ecf0; vertical-align: top; }
th { color: #5a6672; font-weight: 600; border-bottom-color: #c3ccd4; white-space: nowrap; }
.even table { table-layout: fixed; }
summary { cursor: pointer; padding: 8px 10px; color: #2f6f9f; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.nothing { color: #93a0ab; }
@media print { body { background: #fff; } section, dl div { break-inside: avoid-page; } .wide { overflow: visible; } }
"""


def page(title, origin, facts, sections):
    """The whole page: a title, where it comes from, a few facts, and sections."""
    shown = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{escape(' · '.join(origin))}</p>
<dl>{shown}</dl>
{''.join(sections)}
</main>
</body>
</html>
"""


def section(title, about, chart, content, empty, even=False):
    """A chart and its table, of columns of one width if `even`, or a sentence where there is nothing to show."""
    figure = f"<figure>{chart}</figure>" if chart else ""
    wide = "wide even" if even else "wide"
    body = f'{figure}<div class="{wide}">{content}</div>' if content else f'<p class="nothing">{escape(empty)}</p>'
    return f"<section><h2>{escape(title)}</h2><p>{escape(about)}</p>{body}</section>\n"


def table(columns, rows, shown=None):
    """A table of texts; columns are names and classes. Nothing when there are no rows; all after `shown` fold away."""
    if not rows:
        return ""
    if shown is None or len(rows) <= shown:
        return _table(columns, rows)
    rest = f"<details><summary>{len(rows) - shown} more</summary>{_table(columns, rows[shown:])}</details>"
    return _table(columns, rows[:shown]) + rest


def _table(columns, rows):
    head = "".join(f'<th scope="col"{_class(kind)}>{escape(name)}</th>' for name, kind in columns)
    body = "".join(
        "<tr>" + "".join(f"<td{_class(kind)}>{_cell(cell)}</td>" for cell, (_, kind) in zip(row, columns)) + "</tr>\n"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def number(value):
    """A whole number with commas."""
    return f"{int(value):,}"


def amount(value, cents=True):
    """An amount of dollars with commas."""
    return f"${Decimal(value):,.{2 if cents else 0}f}"


def _class(kind):
    return f' class="{kind}"' if kind else ""


def _cell(text):
    return '<span class="nothing">unknown</span>' if text is None else escape(text)
