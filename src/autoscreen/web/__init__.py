"""
The web interface: pages in the browser, for one person or a team.

It owns what is seen and pressed there, and who may. It must not know how records are stored or
ranked: everything goes through `autoscreen.review`.

How a page is added
-------------------
1. Write ``pages/NAME.py``: ``async def`` handlers that take a `Visit` and give a Starlette
   response, and a tuple ``ROUTES`` that declares for each its path, method, least role and, where
   more than a small form comes in, how many bytes. Add it to `REVIEW_ROUTES` in
   ``pages/__init__.py``, and what the head of each page should link to, to `NAVIGATION` in
   ``templates.py``. A role that is not declared does not exist; a test walks over all routes.
2. Touch the review only inside ``await visit.executor.read(...)`` (look something up),
   ``visit.executor.act(...)`` (label, rank, explain; milliseconds) or
   ``visit.executor.run_long(...)`` (an import; seconds). Return plain values, nothing lazy.
   What takes longer is a task: a module of ``jobs/tasks``, started in a process of its own by
   ``visit.state.jobs.start(...)``. Its progress and result are at ``/jobs/N``: add its page to
   `PAGES` in ``pages/jobs.py``, and its result to ``templates/tools/results.html``.
3. Answer with ``visit.render("NAME.html", ...)``. The template extends ``base.html`` (blocks
   `title`, `main`, `scripts`) and takes its parts from ``macros.html``. Mark-up is never put
   together by hand: what comes from a record or a reader is text.
   After a form that changed something, answer with ``visit.redirect(path, Flash(...))``; a flash
   can carry the form that takes it back.
4. Raise errors of `autoscreen.errors`; they become a status and one line for people.
5. Every page works as plain links and forms. A form or link with ``data-swap="#id"`` is sent by
   the script instead: the answer's element of that id takes the place of the one on the page
   (``visit.part`` tells the handler that it may leave out the rest). ``data-live="label import"``
   on an element with ``data-src`` fetches it anew when such news comes from ``visit.hub.publish``.
   No script, style or handler is in the mark-up: the browser would refuse it.
"""
