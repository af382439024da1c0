"""Reads a spreadsheet with openpyxl and says what is in it as JSON: `read_sheet.py FILE`.

Of each worksheet: its cells as [value, kind, format of numbers, fill], widths of columns, and how it is set for printing and
for filling in.
"""

import json
import sys

import openpyxl

KINDS = {"s": "text", "n": "number", "f": "formula", "b": "yes-no", "e": "error", "d": "date"}


def cell(one: openpyxl.cell.Cell) -> list:
    """A cell: what it says, and of which kind that is."""
    if one.value is None:
        return [None, "blank", None, None]
    fill = one.fill.start_color.rgb if one.fill.fill_type == "solid" else None
    return [one.value, KINDS[one.data_type], one.number_format, fill]


def worksheet(one) -> dict:
    """Everything of a worksheet that the tests look at."""
    return {
        "name": one.title,
        "rows": [[cell(each) for each in row] for row in one.iter_rows()],
        "widths": {letter: column.width for letter, column in one.column_dimensions.items()},
        "print_area": one.print_area,
        "print_titles": one.print_title_rows,
        "freeze": one.freeze_panes,
        "filter": one.auto_filter.ref,
        "paper": one.page_setup.paperSize,
        "orientation": one.page_setup.orientation,
        "fit": [one.sheet_properties.pageSetUpPr.fitToPage, one.page_setup.fitToWidth, one.page_setup.fitToHeight],
        "foot": one.oddFooter.center.text,
        "validations": [
            [str(each.sqref), each.type, each.formula1] for each in one.data_validations.dataValidation
        ],
        "charts": len(one._charts),
    }


book = openpyxl.load_workbook(sys.argv[1])
json.dump(
    {
        "title": book.properties.title,
        "created": book.properties.created.isoformat(),
        "names": sorted(book.defined_names),
        "sheets": [worksheet(one) for one in book.worksheets],
    },
    sys.stdout,
)
