"""The flow diagram as PDF: vectors, selectable text, and reproducible bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from autoscreen.errors import InputError, MissingExtraError
from autoscreen.report.flow_boxes import FlowForm
from autoscreen.report.flow_layout import FONT_SIZE, Drawing, Panel, Point, Words, flow_drawing

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_PLAIN, _BOLD = "Vera", "VeraBd"
"""Fonts that come with reportlab and are embedded, as journals ask for."""
_NARROWER = 0.88
"""Their letters are wider than those of the SVG by this factor."""
_SCALE = 0.75  # Points of a pixel
_HEAD = 7


def flow_pdf(form: FlowForm, *, title: str) -> bytes:
    """Draw the flow diagram on one page of the same size; needs reportlab."""
    try:
        from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
        from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("the flow diagram as PDF", extra="report") from error
    made = flow_drawing(form)
    fonts = {name: TTFont(name, f"{name}.ttf") for name in (_PLAIN, _BOLD)}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    _refuse_unknown(made, fonts[_PLAIN].face.charToGlyph)
    stream = BytesIO()
    size = (made.width * _SCALE, made.height * _SCALE)
    page = Canvas(stream, pagesize=size, invariant=1)
    page.setTitle(title)
    page.setAuthor("autoscreen")
    page.scale(_SCALE, _SCALE)
    page.setLineWidth(1)
    for one in made.panels:
        _panel(page, one, made.height)
    for arrow in made.arrows:
        _arrow(page, arrow, made.height)
    for words in made.footnotes:
        _words(page, words, made.height)
    page.showPage()
    page.save()
    return stream.getvalue()


def _refuse_unknown(made: Drawing, known: dict[int, int]) -> None:
    words = (*(one for panel in made.panels for one in panel.words), *made.footnotes)
    letters = {letter for one in words for letter in _text(one)}
    if unknown := sorted(letter for letter in letters if ord(letter) not in known):
        raise InputError(
            f"the font of the PDF has no {' '.join(unknown[:10])}",
            hint="use the SVG, which has every character, or save it as PDF in a browser",
        )


def _panel(page: Canvas, one: Panel, height: int) -> None:
    page.setFillColor(one.fill)
    page.roundRect(one.x, height - one.bottom, one.width, one.height, one.radius, fill=1)
    for words in one.words:
        _words(page, words, height)


def _words(page: Canvas, one: Words, height: int) -> None:
    page.setFillColor("#000000")
    page.setFont(_BOLD if one.bold else _PLAIN, FONT_SIZE * _NARROWER)
    page.saveState()
    page.translate(one.x, height - one.y)
    page.rotate(90 if one.turned else 0)
    draw = page.drawCentredString if one.bold else page.drawString
    draw(FONT_SIZE * (len(one.text) - len(one.text.lstrip("\u2003"))), 0, _text(one))
    page.restoreState()


def _text(one: Words) -> str:
    return one.text.lstrip("\u2003")


def _arrow(page: Canvas, points: tuple[Point, ...], height: int) -> None:
    path = page.beginPath()
    path.moveTo(points[0][0], height - points[0][1])
    for x, y in points[1:]:
        path.lineTo(x, height - y)
    page.drawPath(path)
    (before_x, before_y), (x, y) = points[-2:]
    along_x, along_y = _sign(x - before_x), _sign(y - before_y)
    head = page.beginPath()
    head.moveTo(x, height - y)
    for side in (-1, 1):
        head.lineTo(
            x - _HEAD * along_x + side * _HEAD / 2 * along_y,
            height - (y - _HEAD * along_y + side * _HEAD / 2 * along_x),
        )
    head.close()
    page.setFillColor("#000000")
    page.drawPath(head, fill=1)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
