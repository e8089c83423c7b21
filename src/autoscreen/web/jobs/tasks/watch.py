"""One run of the watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from autoscreen.monitor.digest_wording import headline, looked_through
from autoscreen.monitor.mail import MailServer, mail_server, recipients_from
from autoscreen.monitor.watch_run import MailTarget, WatchOptions, digest_folder, watch
from autoscreen.pubmed import Eutils, load_settings
from autoscreen.review import Review
from autoscreen.sources.apis import api_named
from autoscreen.sources.search_client import SearchClient
from autoscreen.web.jobs.job_report import JobReport


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Ask PubMed what is new since the last run, and write the digest."""
    recipients = recipients_from([options["mail"]])
    post = None
    if recipients:
        kept = options["server_"]
        server = MailServer(**kept) if kept else mail_server()  # which says what is missing
        post = MailTarget(server=server, recipients=recipients)
    asked = replace(load_settings(), email=options["email_"], key=options["key_"])
    since = date.fromisoformat(options["since"]) if options["since"] else None
    with Review.open(review, progress=report) as opened:
        done = watch(
            opened,
            WatchOptions(folder=digest_folder(opened.path), post=post),
            client=Eutils(asked, say=report.say),
            others=[SearchClient(api_named(one), say=report.say) for one in options["sources"]],
            since=since,
            progress=report,
        )
    digest = done.digest
    return {
        "headline": headline(digest),
        "looked_through": looked_through(digest),
        "warnings": len(digest.warnings),
        "alerts": len(digest.alerts),
        "below": len(digest.below),
        "notes": list(digest.notes),
        "digest": done.page.name if done.page else "",
        "mailed": done.mailed,
        "mail_error": done.mail_error,
    }
