"""How fast the records table is: search, filters, sorting, many labels at once.

python benchmarks/records_table.py [--records 50000]
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from _common import table, timed
from _pools import made_up_records
from autoscreen.formats import write
from autoscreen.review import Review
from autoscreen.review.records_table import MOST_AT_ONCE, TableQuery
from autoscreen.store.record_filters import Filters

_PAGES = {
    "all, by rank": TableQuery(),
    "all, by year": TableQuery(sort="year", descending=True),
    "all, by title": TableQuery(sort="title"),
    "all, by newest decision": TableQuery(sort="decided", descending=True),
    "without a label": TableQuery(filters=Filters(label="unlabelled")),
    "excluded": TableQuery(filters=Filters(label="exclude")),
    "without an abstract": TableQuery(filters=Filters(no_abstract=True)),
    "ten years": TableQuery(filters=Filters(from_year=2000, to_year=2009)),
}


def main() -> None:
    """Make a pool, query it in many ways, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--records", type=int, default=50_000)
    size: int = parser.parse_args().records
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pool.nbib"
        write(made_up_records(size), path)
        with Review.create(Path(folder) / "pool", protocol="rms-pnp") as review:
            review.import_files([path])
            review.rank(top=1)
            table(["", "ms"], list(_rows(review)))


def _rows(review: Review) -> Iterator[list[str]]:
    word = review.record("r1").record.title.split()[0]
    search = TableQuery(filters=Filters(text=word))
    yield ["building the full-text index, once", _ms(lambda: review.table.page(search), times=1)]
    ids = review.table.select(TableQuery())[:MOST_AT_ONCE]
    labelled = _ms(lambda: review.table.label_many(ids, "exclude", reason="WRONG_POP"), times=1)
    for name, query in _PAGES.items():
        yield [f"a page: {name}", _ms(lambda query=query: review.table.page(query))]
    found = review.table.page(search).total
    yield [f"a page: one word, {found:,} records", _ms(lambda: review.table.page(search))]
    phrase = TableQuery(filters=Filters(text=f'"{word}" OR title:{word} -nothing*'))
    yield ["a page: words, parts and exclusions", _ms(lambda: review.table.page(phrase))]
    after = review.table.page(TableQuery()).after
    yield ["the next page", _ms(lambda: review.table.page(TableQuery(), after=after))]
    yield ["filter choices with counts", _ms(review.choices)]
    yield [f"labelling {len(ids):,} at once", labelled]
    yield [f"undoing these {len(ids):,}", _ms(lambda: review.table.undo_many(1), times=1)]


def _ms(work: Callable[[], object], *, times: int = 7) -> str:
    return f"{timed(work, runs=times):,.0f}"


if __name__ == "__main__":
    main()
