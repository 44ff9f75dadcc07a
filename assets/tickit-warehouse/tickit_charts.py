"""Bar charts as SVG, drawn by matplotlib; their texts stay texts."""

import io
import logging
import re

import matplotlib

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # fonts are the reader's, not this machine's
matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402 - the backend comes first
from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: E402

BAR = "#2f6f9f"
QUIET = "#6b7785"
LINE = "#dde3e8"
INCHES = 10

matplotlib.rcParams.update({
    "svg.fonttype": "none",
    "svg.hashsalt": "tickit",
    "font.sans-serif": ["Helvetica Neue", "Helvetica", "Arial", "DejaVu Sans"],
    "font.size": 10,
    "text.parse_math": False,
    "axes.edgecolor": LINE,
    "text.color": "#222b33",
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
})


def across(labels, values, title):
    """Bars from left to right, the first on top, with their numbers; nothing when there are none."""
    if not values:
        return ""
    figure, axes = pyplot.subplots(figsize=(INCHES, 0.6 + 0.38 * len(values)))
    numbers = [float(value) for value in values]
    bars = axes.barh(range(len(values)), numbers, color=BAR, height=0.7)
    axes.bar_label(bars, [f"{value:,.0f}" for value in numbers], padding=4)
    axes.set_yticks(range(len(values)), labels, color="#222b33")
    axes.invert_yaxis()
    axes.set_xlim(0, max(numbers) * 1.08 or 1)
    axes.xaxis.set_visible(False)
    _plain(axes, "left")
    return _svg(figure, title, labels, numbers)


def upright(labels, values, title):
    """Bars from bottom to top, of amounts of money; nothing when there are none."""
    if not values:
        return ""
    figure, axes = pyplot.subplots(figsize=(INCHES, 3.4))
    numbers = [float(value) for value in values]
    axes.bar(range(len(values)), numbers, color=BAR, width=0.72)
    crowded = {"fontsize": 8, "rotation": 90} if len(values) > 26 else {}
    axes.set_xticks(range(len(values)), labels, color="#222b33", **crowded)
    axes.set_xlim(-0.7, len(values) - 0.3)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axes.grid(axis="y", color=LINE)
    axes.set_axisbelow(True)
    _plain(axes, "bottom")
    return _svg(figure, title, labels, numbers)


def _plain(axes, kept):
    for side, spine in axes.spines.items():
        spine.set_visible(side == kept)
    axes.tick_params(length=0)


def _short(value):
    """An amount as an axis has it."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"${value / size:,.3g} {letter}"
    return f"${value:,.0f}"


def _svg(figure, title, labels, numbers):
    """The drawing alone, without what belongs to a file, and without names that would be another chart's too."""
    buffer = io.StringIO()
    metadata = {"Date": None, "Creator": None}
    figure.savefig(buffer, format="svg", bbox_inches="tight", transparent=True, metadata=metadata)
    pyplot.close(figure)
    text = buffer.getvalue()
    text = re.sub(r'<g id="[^"]*">', "<g>", text[text.index("<svg"):])
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    prefix = re.sub(r"\W+", "-", title)
    for name in set(re.findall(r'\bid="([^"]+)"', text)):
        text = text.replace(f'"{name}"', f'"{prefix}-{name}"').replace(f"#{name}", f"#{prefix}-{name}")
    text = re.sub(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', rf'<svg viewBox="\1" role="img" aria-label="{title}">', text)
    return text.strip()
