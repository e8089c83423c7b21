"""
The home page of a folder of reviews: one server for many reviews.

Each review is one file of the folder; its pages are those of `autoscreen.web.pages`, found below
``/r/NAME``. What belongs to no single review is here: the list of reviews, new reviews, people and
settings. A page is added as in `autoscreen.web`, with handlers that take a `HomeVisit` and
`HOME_ROUTES` in ``home/pages/__init__.py``.
"""
