"""The watch of a review against a server on this machine, over days and months."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autoscreen.errors import AutoscreenError, ConfigError, ConflictError, InputError, SourceError
from autoscreen.monitor.digest import Kind
from autoscreen.monitor.digest_wording import marks
from autoscreen.monitor.mail import MailServer
from autoscreen.monitor.query_gaps import query_gaps
from autoscreen.monitor.watch_lock import only_one
from autoscreen.monitor.watch_run import MailTarget, WatchOptions, WatchResult, watch, watch_updates
from autoscreen.protocol import Concept, Element, Protocol
from autoscreen.pubmed import Eutils, Settings, UpdateFile
from autoscreen.review import Review
from eutils_server import Entry, EutilsServer, article_set, invented
from mail_box import MailBox

START = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
QUESTION = Concept(
    key="coil",
    element=Element.INTERVENTION,
    label="Coil",
    terms=("coil",),
    required=True,
)
PROTOCOL = Protocol(
    name="coils", title="Coils for nerve pain", concepts=(QUESTION,), pubmed="coil AND pain"
)


class World:
    """A review, a server and a clock that the test sets."""

    def __init__(self, folder: Path, server: EutilsServer) -> None:
        self.folder = folder
        self.server = server
        self.now = START
        self.path = folder / "coils.autoscreen"
        self.digests = folder / "out"
        Review.create(self.path, protocol=PROTOCOL, now=self.clock).close()

    def clock(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def sleep(self, **span: float) -> None:
        """Let time go by."""
        self.now += timedelta(**span)

    def open(self) -> Review:
        return Review.open(self.path, now=self.clock)

    def client(self) -> Eutils:
        settings = Settings(base=self.server.url, email="a@example.org", rate=5_000, timeout=5)
        return Eutils(settings, now=self.clock, sleep=lambda seconds: None)

    def watch(self, *, since: date | None = None, **options: Any) -> WatchResult:
        how = WatchOptions(**{"folder": self.digests, **options})
        with self.open() as review:
            return watch(review, how, client=self.client(), since=since)

    def reported(self, **options: Any) -> list[tuple[str, str]]:
        """Run the watch and return kind and PMID of what it reported."""
        return [(str(e.kind), e.subject) for e in self.watch(**options).digest.entries]

    def label(self, pmid: str, label: str = "include") -> None:
        with self.open() as review:
            review.label(pmid, label)


def entry(pmid: int, day: str = "2026-03-01", **more: Any) -> Entry:
    """A record that the server gives."""
    values: dict[str, Any] = {
        "title": f"Coil number {pmid} for pain in nerves",
        "entered": date.fromisoformat(day),
    }
    return Entry(pmid=str(pmid), **values | more)


@pytest.fixture
def world(tmp_path: Path, eutils: EutilsServer) -> World:
    """A review whose first watch is behind it; it found one record."""
    made = World(tmp_path, eutils)
    eutils.add([entry(1)])
    assert made.reported(since=date(2026, 1, 1)) == [("new", "1")]
    return made


def test_what_was_told_is_not_told_again(world: World) -> None:
    """Two runs in a row: the second has nothing to say, and says so."""
    outcome = world.watch()
    assert outcome.digest.entries == ()
    assert outcome.page is None
    assert [one.name for one in sorted(world.digests.iterdir())] == [
        "atom.xml",
        "digest-2026-03-01.html",
        "digest-2026-03-01.json",
        "digest-2026-03-01.txt",
    ]
    world.sleep(days=1)
    assert world.watch().page == world.digests / "digest-2026-03-02.html"
    assert "Nothing new" in (world.digests / "digest-2026-03-02.txt").read_text()


def test_a_second_digest_of_a_day_does_not_replace_the_first(world: World) -> None:
    """News of the same day stands in a file of its own."""
    world.server.add([entry(2)])
    assert world.watch().page == world.digests / "digest-2026-03-01_2.html"
    first = json.loads((world.digests / "digest-2026-03-01.json").read_text())
    assert [one["pmid"] for one in first["entries"]] == ["1"]


def test_a_month_of_silence_is_made_up_for(world: World) -> None:
    """The window goes back to the end of the last run, and 30 days behind it."""
    world.server.add([entry(n, f"2026-03-{n:02}") for n in range(2, 29)])
    world.server.add([entry(50, "2026-04-10")])
    world.sleep(days=45)
    outcome = world.watch()
    assert (outcome.digest.coverage.since, outcome.digest.coverage.until) == (
        "2026-01-30",
        "2026-04-15",
    )
    assert sorted(int(one.subject) for one in outcome.digest.entries) == [*range(2, 29), 50]


def test_a_record_entered_late_under_an_earlier_date_is_found(world: World) -> None:
    """PubMed enters some records days after the date that it gives them."""
    world.sleep(days=10)
    assert world.reported() == []
    world.server.add([entry(9, "2026-02-27")])
    world.sleep(days=1)
    assert world.reported() == [("new", "9")]
    assert world.reported() == []


def test_nothing_before_the_first_day_asked_for_comes_by_itself(
    tmp_path: Path, eutils: EutilsServer
) -> None:
    """Neither through the overlap, nor because an old record changed."""
    world = World(tmp_path, eutils)
    eutils.add([entry(1, "2026-02-20"), entry(2, "2026-02-27"), entry(3, "2010-01-01")])
    eutils.changed = {"3": date(2026, 2, 28)}
    outcome = world.watch(since=date(2026, 2, 25))
    assert [one.subject for one in outcome.digest.entries] == ["2"]
    assert "1 record that changed entered PubMed before 2026-02-25" in outcome.digest.notes[0]
    assert world.reported() == []
    assert world.reported(since=date(2026, 2, 1)) == [("new", "1")]


def test_an_older_record_that_the_query_finds_only_now_is_new(world: World) -> None:
    """It got its MeSH headings; the review, which knew all there was, does not have it."""
    with world.open() as review:
        review.searches.search(world.client())
    world.server.add([entry(8, "2019-01-01")])
    world.server.changed = {"8": date(2026, 3, 1)}
    assert world.reported() == [("new", "8")]


def test_records_that_the_review_had_are_not_new(world: World, tmp_path: Path) -> None:
    """Neither by PMID nor as a duplicate without one."""
    world.server.add([entry(3), entry(4)])
    ris = (
        "TY  - JOUR\nTI  - Coil number 4 for pain in nerves\nAU  - Inventor, A.\nPY  - 2026\n"
        "JO  - Journal of inventions\nAB  - An invented abstract.\nER  - \n"
    )
    (tmp_path / "had.txt").write_text("3\n")
    (tmp_path / "had.ris").write_text(ris)
    with world.open() as review:
        review.import_files([tmp_path / "had.ris"])
        review.searches.fetch(world.client(), tmp_path / "had.txt")
        before = review.status().records
    outcome = world.watch()
    assert outcome.digest.entries == ()
    with world.open() as review:
        assert review.status().records == before
    assert outcome.digest.coverage.known == 3


def test_a_revised_record_is_told_once(world: World) -> None:
    """A changed abstract is news; other fields are taken in without a word."""
    old = world.server.records["1"]
    world.server.add([replace(old, mesh=("Neuralgia",))])
    assert world.reported() == []
    world.server.add([replace(old, abstract="The coil did not help after all.")])
    outcome = world.watch()
    assert [(one.kind, one.id) for one in outcome.digest.entries] == [(Kind.REVISED, "r1")]
    assert outcome.digest.entries[0].record.abstract == "The coil did not help after all."
    assert world.reported() == []
    with world.open() as review:
        assert review.status().records == 1
        assert review.record("1").record.mesh == ("Neuralgia",)


def test_the_same_record_in_two_formats_of_pubmed_is_not_revised(
    world: World, tmp_path: Path
) -> None:
    """MEDLINE text writes raised letters in brackets, and breaks lines."""
    nbib = "PMID- 5\nTI  - Coil of 5 cm(2) and\n      pain.\nAB  - AIM: To ease (pain).\n\n"
    (tmp_path / "a.nbib").write_text(nbib)
    with world.open() as review:
        review.import_files([tmp_path / "a.nbib"])
    world.server.add([entry(5, title="Coil of 5 cm2 and pain", abstract="AIM: To ease [pain].")])
    assert world.reported() == []
    world.server.add([entry(5, title="Coil of 5 cm2 and pain", abstract="AIM: To ease grief.")])
    assert world.reported() == [("revised", "5")]


RETRACTED: dict[str, Any] = {
    "types": ("Journal Article", "Retracted Publication"),
    "comments": '<CommentsCorrections RefType="RetractionIn"><RefSource>J Inv. 2026;2:9</RefSource>'
    '<PMID Version="1">900</PMID></CommentsCorrections>',
}


def test_a_retraction_of_an_included_study_comes_first_and_once(world: World) -> None:
    """The study is asked for by its PMID, however long ago it was entered."""
    world.label("1")
    world.sleep(days=200)
    world.server.add([replace(world.server.records["1"], **RETRACTED)])
    world.server.add([entry(2, "2026-09-01")])
    outcome = world.watch()
    first, second = outcome.digest.entries
    assert (first.kind, first.id, first.notice.pmid) == (Kind.RETRACTED, "r1", "900")
    assert first.notice.reference == "J Inv. 2026;2:9"
    assert second.kind is Kind.NEW
    assert outcome.digest.coverage.checked == 1
    assert world.reported() == []
    with world.open() as review:  # and it is marked in the review
        assert [str(one.kind) for one in review.record("1").record.notices] == ["retracted"]


def test_a_study_included_after_its_retraction_was_seen_is_told(world: World) -> None:
    """What matters is that the review includes it now."""
    world.server.add([replace(world.server.records["1"], **RETRACTED)])
    assert world.reported() == []
    world.label("1")
    assert world.reported() == [("retracted", "1")]


def test_a_notice_of_retraction_counts_before_the_study_is_marked(world: World) -> None:
    """The notice is a record of its own, which often comes first; one of the two is reported."""
    world.label("1")
    about = '<CommentsCorrections RefType="RetractionOf"><RefSource>J Inv</RefSource>'
    notice = entry(
        900,
        title="Retraction: Coil number 1 for pain in nerves",
        types=("Retraction of Publication",),
        comments=f'{about}<PMID Version="1">1</PMID></CommentsCorrections>',
    )
    world.server.add([notice])
    assert world.reported() == [("retracted", "1"), ("new", "900")]
    world.server.add([replace(world.server.records["1"], **RETRACTED)])
    assert world.reported() == []


def test_corrections_and_concerns_are_told_each_once(world: World) -> None:
    """A second erratum is news again."""
    world.label("1")
    one = (
        '<CommentsCorrections RefType="{}"><RefSource>{}</RefSource>'
        '<PMID Version="1">{}</PMID></CommentsCorrections>'
    )
    erratum = one.format("ErratumIn", "J Inv. 3", 31)
    concern = one.format("ExpressionOfConcernIn", "J Inv. 4", 41)
    again = one.format("ErratumIn", "J Inv. 5", 51)
    base = world.server.records["1"]
    for comments, reported in (
        (erratum, [("corrected", "1")]),
        (erratum + concern, [("concern", "1")]),
        (erratum + concern + again, [("corrected", "1")]),
        (erratum + concern + again, []),
    ):
        world.server.add([replace(base, comments=comments)])
        assert world.reported() == reported


def test_included_studies_that_cannot_be_looked_up_are_named(world: World, tmp_path: Path) -> None:
    """One has no PMID, and PubMed does not know the other."""
    text = "TY  - JOUR\nTI  - A coil without a number\nER  - \n"
    (tmp_path / "a.ris").write_text(text)
    with world.open() as review:
        review.import_files([tmp_path / "a.ris"])
        review.label("r2", "include")
        review.label("1", "include")
    del world.server.records["1"]
    digest = world.watch().digest
    assert digest.coverage.checked == 0
    assert "2 included studies were not checked" in digest.notes[0]
    assert "r2, A coil without a number (it has no PMID)" in digest.notes[0]
    assert "r1, Coil number 1 for pain in nerves (PubMed returned no record" in digest.notes[0]


def test_a_failed_run_leaves_its_days_open(world: World) -> None:
    """The next run asks for them and tells what the failed one did not."""
    world.server.add([entry(2, "2026-03-20")])
    world.sleep(days=30)
    world.server.faults = [("efetch", "server_error")] * 50
    with pytest.raises(SourceError, match="the next run asks for the same again"):
        world.watch()
    with world.open() as review:
        assert [run.ok for run in review.watch.runs()] == [True, False]
    world.server.faults.clear()
    world.sleep(days=30)
    assert world.reported() == [("new", "2")]


def test_a_record_that_does_not_come_is_named_and_asked_for_again(world: World) -> None:
    """Long after its day of entry is out of the window."""
    world.server.add([entry(2)])
    world.server.withheld = {"2"}
    outcome = world.watch()
    assert outcome.digest.entries == ()
    assert "requests it again: PMID 2." in outcome.digest.notes[-1]
    world.sleep(days=300)
    world.server.withheld = set()
    assert world.reported() == [("new", "2")]


def test_a_record_that_cannot_be_read_is_named(world: World) -> None:
    """Its PMID is remembered, and the others come in."""
    world.server.add([entry(2), entry(3)])
    world.server.broken = {"2"}
    digest = world.watch().digest
    assert [one.subject for one in digest.entries] == ["3"]
    assert any("PMID 2" in note for note in digest.notes)
    world.server.broken = set()
    assert world.reported() == [("new", "2")]


def test_days_left_open_by_a_later_start_stay_open(world: World) -> None:
    """A person may skip days; the next run without --since asks for them."""
    world.server.add([entry(2, "2026-03-10")])
    world.sleep(days=60)
    outcome = world.watch(since=date(2026, 4, 25))
    assert outcome.digest.entries == ()
    assert "2026-03-01 to 2026-04-25 were not searched" in outcome.digest.notes[0]
    assert world.reported() == [("new", "2")]


def test_a_first_run_must_know_where_to_begin(tmp_path: Path, eutils: EutilsServer) -> None:
    """Nothing was imported and nobody says since when."""
    world = World(tmp_path, eutils)
    with pytest.raises(ConfigError, match="--since"):
        world.watch()


def test_a_first_run_begins_where_the_export_ended(tmp_path: Path, eutils: EutilsServer) -> None:
    """An export may be much older than its import: its newest record tells."""
    world = World(tmp_path, eutils)
    (tmp_path / "old.xml").write_text(article_set([entry(1, "2025-06-01").xml()]))
    eutils.add([entry(1, "2025-06-01"), entry(2, "2025-08-01")])
    with world.open() as review:
        review.import_files([tmp_path / "old.xml"])
    outcome = world.watch()
    assert outcome.digest.coverage.since == "2025-05-02"
    assert [one.subject for one in outcome.digest.entries] == ["2"]


def test_a_first_run_begins_where_the_last_search_for_the_same_ended(
    tmp_path: Path, eutils: EutilsServer
) -> None:
    """A search for something else, or one that ended on an earlier day, does not cover more."""
    world = World(tmp_path, eutils)
    eutils.add([entry(1, "2026-01-20")])
    with world.open() as review:
        review.searches.search(world.client(), until=date(2026, 2, 1))
        review.searches.search(world.client(), "something else")
    assert world.watch().digest.coverage.since == "2026-01-02"


def test_a_changed_query_is_said(world: World) -> None:
    """What only the new query finds among older records is not there yet."""
    with world.open() as review:
        review.protocols.set(replace(PROTOCOL, pubmed="coil OR loop"))
    assert "query has changed" in world.watch().digest.notes[0]
    assert not world.watch().digest.notes


def test_a_protocol_without_query_is_refused(world: World) -> None:
    """There is nothing to ask."""
    with world.open() as review:
        review.protocols.set(Protocol.from_title("A"))
    with pytest.raises(ConfigError, match="no PubMed query"):
        world.watch()


def test_one_watch_at_a_time(world: World) -> None:
    """The second names the process at work; a lock that is left behind blocks nobody."""
    with (
        only_one(world.path, at="2026-03-01T06:00:00Z"),
        pytest.raises(ConflictError, match=r"process .* since 2026-03-01"),
    ):
        world.watch()
    assert world.path.with_name("coils.autoscreen-watch.lock").exists()
    assert world.reported() == []


def test_what_the_watch_asked_is_logged(world: World) -> None:
    """Query, translation, counts, days and address, for the report of the review."""
    with world.open() as review:
        (_, entries), (_, changes) = review.searches.of_watch()
        (run,) = review.watch.runs()
    assert (entries.date_type, changes.date_type) == ("edat", "mdat")
    assert entries.query == "coil AND pain"
    assert entries.translation == "translated: coil AND pain"
    assert (entries.found, entries.platform) == (1, world.server.url)
    assert (run.since, run.until, run.ok, run.whole) == ("2026-01-01", "2026-03-01", True, True)


def test_new_records_are_a_list_until_they_are_labelled(world: World) -> None:
    """`rank --new` shows what the watch brought in and nobody has labelled."""
    world.server.add([entry(2)])
    world.watch()
    with world.open() as review:
        assert {one.record.pmid for one in review.rank(new=True)} == {"1", "2"}
        review.label("1", "exclude")
        assert {one.record.pmid for one in review.rank(new=True)} == {"2"}


def test_enough_labels_draw_a_line(world: World) -> None:
    """Below it a record is listed but no alert; the digest says what to expect on both sides."""
    good = [
        entry(n, title=f"Magnetic coil for nerve pain, trial {n}", abstract="A coil eased pain.")
        for n in range(100, 130)
    ]
    bad = [
        entry(n, title=f"Sleep of {n} bees in winter", abstract="Bees slept in their hive.")
        for n in range(200, 260)
    ]
    world.server.add([*good, *bad])
    world.watch()
    with world.open() as review:
        for one in good:
            review.label(one.pmid, "include")
        for one in bad:
            review.label(one.pmid, "exclude")
    world.server.add([replace(good[0], pmid="131"), replace(bad[0], pmid="261")])
    digest = world.watch().digest
    assert [one.subject for one in digest.alerts] == ["131"]
    assert [one.subject for one in digest.below] == ["261"]
    assert digest.threshold is not None
    assert digest.threshold.relevant_above >= 0.95 * digest.threshold.relevant
    assert digest.labels_since == 90
    assert (digest.alerts[0].chance or 0) > 0.5 > (digest.below[0].chance or 1)
    text = (world.digests / "digest-2026-03-01_3.txt").read_text()
    assert "95% sensitivity" in text
    assert "1 record to read, about 1 of them relevant; 1 below" in " ".join(text.split())


def test_the_digest_cannot_be_written(world: World) -> None:
    """Said before PubMed is asked, so that nothing is done for nothing."""
    (world.folder / "file").touch()
    calls = len(world.server.calls)
    with pytest.raises(InputError, match="cannot be written"):
        world.watch(folder=world.folder / "file" / "out")
    assert len(world.server.calls) == calls


def test_files_of_a_run_that_broke_off_are_replaced(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died between writing its digest and recording it: the next one tells it, once."""
    world.server.add([entry(2)])

    def die(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("autoscreen.store.watch_log.Watches.announce", die)
        with pytest.raises(KeyboardInterrupt):
            world.watch()
    assert (world.digests / "digest-2026-03-01_2.json").exists()
    world.sleep(days=2)
    assert world.reported() == [("new", "2")]
    reported = [json.loads(one.read_text()) for one in world.digests.glob("*.json")]
    assert sorted(e["pmid"] for one in reported for e in one["entries"]) == ["1", "2"]
    assert not (world.digests / "digest-2026-03-01_2.json").exists()
    feed = (world.digests / "atom.xml").read_text()
    assert feed.count("<entry") == 2


@pytest.fixture
def updates(tmp_path: Path) -> Callable[..., Path]:
    """Writes an update file into a folder, with its checksum."""
    import gzip
    import hashlib

    folder = tmp_path / "updates"
    folder.mkdir()

    def write(number: int, entries: list[Entry], deleted: tuple[str, ...] = ()) -> Path:
        gone = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
        text = article_set(one.xml() for one in entries)
        if gone:
            text = text.replace(
                "</PubmedArticleSet>", f"<DeleteCitation>{gone}</DeleteCitation></PubmedArticleSet>"
            )
        path = folder / f"pubmed26n{number:04}.xml.gz"
        path.write_bytes(gzip.compress(text.encode()))
        total = hashlib.md5(path.read_bytes()).hexdigest()
        path.with_name(f"{path.name}.md5").write_text(f"MD5({path.name})= {total}\n")
        return folder

    return write


def test_a_new_record_that_is_not_english_is_listed_to_be_read(world: World) -> None:
    """No model can rank it: it has no score, says so, and is counted in a note."""
    for pmid in range(2, 6):
        world.server.add([entry(pmid)])
    title = "经颅磁刺激治疗慢性神经病理性疼痛 coil pain"
    world.server.add([entry(9, title=title, abstract="", language="chi")])
    digest = world.watch().digest
    (foreign,) = (one for one in digest.entries if one.subject == "9")
    assert (foreign.score, foreign.alert) == (None, True)
    assert "not English: not scored" in marks(foreign)
    assert "1 record not English: not scored; listed to be read." in digest.notes


def watch_files(world: World, folder: Path, **options: Any) -> WatchResult:
    with world.open() as review:
        how = WatchOptions(folder=world.digests, **options)
        (done,) = watch_updates([(review, how)], updates=folder)
    if isinstance(done, AutoscreenError):
        raise done
    return done


def test_what_the_query_would_have_missed_is_marked(
    world: World, updates: Callable[..., Path]
) -> None:
    """The query is evaluated on each new record of an update file, and the count is a note."""
    with world.open() as review:
        review.protocols.set(replace(PROTOCOL, pubmed="coil*[tiab] AND ache[tiab]"))
    folder = updates(1, [entry(2), entry(3, abstract="A coil against ache.")])
    digest = watch_files(world, folder).digest
    assert {one.subject: one.in_query for one in digest.entries} == {"2": False, "3": True}
    assert any(note.startswith("1 of 2 new records would not") for note in digest.notes)
    assert "not found by the query" in marks(next(e for e in digest.entries if e.subject == "2"))


def test_what_the_query_has_missed_is_summed_up_and_turned_into_a_wider_query(
    world: World, updates: Callable[..., Path]
) -> None:
    """Over all runs; what was excluded since does not count for the advice."""
    concept = replace(QUESTION, terms=("coil", "magnet"))
    with world.open() as review:
        assert query_gaps(review) is None
        review.protocols.set(
            replace(PROTOCOL, concepts=(concept,), pubmed="coil[tiab] AND (pain[tiab])")
        )
    mesh = ("Phantom Limb", "Humans")
    folder = updates(1, [entry(2, title="A magnet for pain"), entry(3)])
    watch_files(world, folder)
    updates(2, [entry(n, title=f"Coil {n} and phantoms", mesh=mesh) for n in (4, 5, 6)])
    watch_files(world, folder)
    world.label("6", "exclude")
    world.label("2")
    with world.open() as review:
        gaps = query_gaps(review)
    assert gaps is not None
    assert (gaps.compared, gaps.missed, gaps.included) == (5, 4, 1)
    assert [one[2:] for one in gaps.runs] == [(2, 1), (3, 3)]
    assert [(one.text, one.part, one.records) for one in gaps.widening.additions] == [
        ("magnet[tiab]", "coil[tiab]", 1),
        ('"Phantom Limb"[mh]', "pain[tiab]", 2),
    ]
    wider = '(coil[tiab] OR magnet[tiab]) AND (pain[tiab] OR "Phantom Limb"[mh])'
    assert (gaps.widening.query, gaps.widening.still_missed) == (wider, 0)
    out = run(world, "watch", str(world.path), "--status")[1]
    assert "would not have found 4 of 5 new records; 1 of them included since" in out
    assert "protocol check" in out
    asked = ("protocol", "check", str(world.path), "--query", wider)
    assert "The query finds 1 of 1 known record" in run(world, *asked)[1]


def test_several_reviews_share_one_pass_over_the_files(
    world: World, updates: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is read once; a review that fails is named and does not stop the others."""
    folder = updates(1, [entry(2), entry(3, title="Of bees"), entry(4, title="A knee pad")])
    for name, term in (("knees", "knee"), ("broken", "")):
        concept = replace(QUESTION, terms=(term,)) if term else None
        protocol = replace(
            PROTOCOL, name=name, title=name, concepts=(concept,) if concept else (), pubmed="x[ti]"
        )
        Review.create(world.folder / name, protocol=protocol).close()
    read: list[str] = []
    whole = UpdateFile.read

    def counting(file: UpdateFile) -> Any:
        read.append(file.path.name)
        return whole(file)

    monkeypatch.setattr(UpdateFile, "read", counting)
    monkeypatch.chdir(world.folder)
    reviews = ("coils", "absent", "broken", "knees")
    asked = ("watch", *reviews, "--all-of-pubmed", str(folder), "--format", "json")
    code, out, said = run(world, *asked)
    assert code == 1
    found = {one["review"]: [e["pmid"] for e in one["entries"]] for one in json.loads(out)}
    assert found == {"coils": ["2"], "knees": ["4"]}
    assert read == ["pubmed26n0001.xml.gz"]
    assert "error: absent: " in said
    assert "error: broken: the protocol broken has no required concept" in said
    with world.open() as review:
        assert review.watch.runs()[-1].ok


def test_update_files_tell_what_the_protocol_is_about(
    world: World, updates: Callable[..., Path]
) -> None:
    """New, revised, retracted and deleted; each file is read once."""
    world.label("1")
    changed = replace(world.server.records["1"], **RETRACTED)
    folder = updates(1, [entry(2), *invented(5, first=5000), entry(3, title="Of bees")])
    updates(2, [changed], deleted=("77",))
    calls = len(world.server.calls)
    digest = watch_files(world, folder).digest
    assert [(str(e.kind), e.subject) for e in digest.entries if e.subject in "123"] == [
        ("retracted", "1"),
        ("new", "2"),
    ]
    assert digest.coverage.records == 8
    assert any("Update files cannot be searched" in note for note in digest.notes)
    assert len(world.server.calls) == calls
    again = watch_files(world, folder).digest
    assert again.entries == ()
    assert "2 files of the folder had been read before." in again.notes
    updates(3, [], deleted=("1", "2"))
    gone = watch_files(world, folder).digest
    assert {(str(e.kind), e.id != "") for e in gone.entries} == {("deleted", True)}
    with world.open() as review:
        assert review.record("1").label == "include"


def test_a_damaged_update_file_stops_at_that_file(
    world: World, updates: Callable[..., Path]
) -> None:
    """Those before it are complete, and reported by the next run."""
    folder = updates(1, [entry(2)])
    updates(2, [entry(3)])
    broken = folder / "pubmed26n0002.xml.gz"
    whole = broken.read_bytes()
    broken.write_bytes(whole[:-20])
    with pytest.raises(InputError, match="checksum"):
        watch_files(world, folder)
    broken.write_bytes(whole)
    reported = {one.subject for one in watch_files(world, folder).digest.entries}
    assert reported == {"2", "3"}


def test_update_files_need_something_to_find_records_by(
    world: World, updates: Callable[..., Path]
) -> None:
    """Neither a model nor a required concept: refused, with what to do."""
    folder = updates(1, [entry(2)])
    with world.open() as review:
        review.protocols.set(Protocol.from_title("A"))
    with pytest.raises(ConfigError, match="required concept"):
        watch_files(world, folder)


@pytest.fixture
def box() -> Iterator[MailBox]:
    """A mail server on this machine."""
    made = MailBox()
    yield made
    made.close()


def post(box: MailBox, **more: Any) -> MailTarget:
    server = MailServer(host="127.0.0.1", port=box.port, safety="off", sender="me@example.org")
    return MailTarget(server=server, recipients=("team@example.org",), **more)


def test_a_digest_is_mailed(world: World, box: MailBox) -> None:
    """Once, with what is new; nothing new is mailed only if that is wanted."""
    world.server.add([entry(2)])
    assert world.watch(post=post(box)).mailed == 1
    assert world.watch(post=post(box, only_news=True)).mailed == 0
    assert world.watch(post=post(box)).mailed == 1
    subjects = [message["Subject"] for _, message in box.messages]
    assert subjects == ["coils: 1 new record to read", "coils: Nothing new"]


def test_mail_that_was_not_taken_is_sent_by_the_next_run(world: World, box: MailBox) -> None:
    """The digest stands, what it reports is not reported again, and both mails come in the end."""
    world.server.add([entry(2)])
    box.refuse = "rcpt"
    outcome = world.watch(post=post(box))
    assert (outcome.mailed, outcome.unsent) == (0, 1)
    assert "550 no such person here" in outcome.mail_error
    assert outcome.page.exists()
    silent = world.watch()
    assert (silent.digest.entries, silent.unsent) == ((), 1)
    assert "not mailed yet" in silent.mail_error
    box.refuse = ""
    world.server.add([entry(3)])
    outcome = world.watch(post=post(box))
    assert (outcome.mailed, outcome.unsent, outcome.mail_error) == (2, 0, "")
    texts = [m.get_body(("plain",)).get_content() for _, m in box.messages]
    assert ["Coil number 2" in texts[0], "Coil number 3" in texts[1]] == [True, True]
    assert world.watch(post=post(box, only_news=True)).mailed == 0


def test_a_recipient_who_is_refused_does_not_cost_the_others_a_second_mail(
    world: World, box: MailBox
) -> None:
    """Only the one who did not get it is tried again."""
    both = replace(post(box), recipients=("team@example.org", "b@example.org"))
    world.server.add([entry(2)])
    box.refuse = "rcpt TO:<b@"
    outcome = world.watch(post=both)
    assert (outcome.mailed, outcome.unsent) == (1, 1)
    assert "not mailed to b@example.org; will be retried: 550" in outcome.mail_error
    box.refuse = ""
    world.watch(post=replace(both, only_news=True))
    assert [names for names, _ in box.messages] == [["team@example.org"], ["b@example.org"]]


def run(world: World, *args: str) -> tuple[int, str, str]:
    """Run the command line in this process."""
    from click.testing import CliRunner

    from autoscreen.cli.main_command import app

    result = CliRunner().invoke(app, [*args])
    return result.exit_code, result.stdout, result.stderr or str(result.exception or "")


def test_the_command_line_tells_and_leaves_with_0(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table with the page, JSON with everything, CSV; and 0 in each case."""
    monkeypatch.chdir(world.folder)
    world.server.add([entry(2, "2026-11-20")])
    code, out, _ = run(world, "watch", "coils", "--digest", "out")
    assert code == 0
    assert "new" in out.splitlines()[1]
    assert "1 new record to read: " in out
    world.server.add([entry(3, "2026-11-20")])
    values = json.loads(run(world, "watch", "coils", "--digest", "out", "--format", "json")[1])
    assert [one["pmid"] for one in values["entries"]] == ["3"]
    assert Path(values["page"]).is_file()
    code, out, said = run(world, "watch", "coils", "--digest", "out", "--format", "csv")
    assert (code, out.splitlines()[0][:12], said) == (0, "review,kind,", "Nothing new\n")
    state = json.loads(run(world, "status", "coils", "--format", "json")[1])["watch"]
    assert (state["new"], state["failed"], state["unsent"]) == (3, None, 0)
    assert "3 new records unlabelled" in run(world, "status", "coils")[1]


def test_mail_that_fails_leaves_with_1(
    world: World, box: MailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest stands all the same."""
    monkeypatch.chdir(world.folder)
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(box.port)), ("TLS", "off")):
        monkeypatch.setenv(f"AUTOSCREEN_SMTP_{name}", value)
    monkeypatch.setenv("AUTOSCREEN_SMTP_FROM", "me@example.org")
    box.refuse = "rcpt"
    command = ("watch", "coils", "--digest", "out", "--mail", "team@example.org", "--quiet")
    world.server.add([entry(2, "2026-11-20")])
    code, out, said = run(world, *command)
    assert code == 1
    assert said.startswith("autoscreen: error: the mail server 127.0.0.1")
    assert Path(out.partition(": ")[2].strip()).is_file()
    box.refuse = ""
    assert run(world, *command) == (0, "", "")
    assert len(box.messages) == 1


@pytest.mark.parametrize("kind", ["systemd", "cron", "github-actions"])
def test_a_timer_is_printed_and_nothing_is_asked(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the full path of the review and the options given."""
    monkeypatch.chdir(world.folder)
    calls = len(world.server.calls)
    code, out, _ = run(world, "watch", "coils", "--digest", "o p", "--print-timer", kind)
    assert code == 0
    assert "coils.autoscreen" in out
    assert str(world.folder / "o p") in out
    assert len(world.server.calls) == calls


@pytest.mark.parametrize(
    "options",
    [("--model", "x", "--sensitivity", "0.9"), ("--since", "2026-01-01", "--all-of-pubmed", "u")],
)
def test_options_that_contradict_each_other(world: World, options: tuple[str, ...]) -> None:
    """Wrong usage, not a guess."""
    assert run(world, "watch", str(world.path), *options)[0] == 2


def test_the_model_of_the_protocol_ranks_while_labels_are_few(
    tmp_path: Path, eutils: EutilsServer
) -> None:
    """It brings its own line, and says that it does not learn from labels."""
    world = World(tmp_path, eutils)
    trial = "Repetitive transcranial magnetic stimulation for neuropathic pain after nerve injury"
    text = "Patients with peripheral neuropathic pain had rTMS or sham; pain intensity fell."
    eutils.add([entry(1, title=trial, abstract=text), entry(2, title="Of bees", abstract="Bees.")])
    with world.open() as review:
        review.protocols.set("rms-pnp")
    digest = world.watch(since=date(2026, 1, 1)).digest
    assert digest.ranker == "the saved model rms-pnp"
    assert [one.subject for one in digest.alerts] == ["1"]
    assert [one.subject for one in digest.below] == ["2"]
    assert any(one.value > 0 for one in digest.alerts[0].reasons)
    world.label("1")
    eutils.add([entry(3, title="Of wasps", abstract="Wasps.")])
    assert "uses them only after it is trained again" in world.watch().digest.notes[0]


def test_a_model_finds_records_in_update_files(
    tmp_path: Path, eutils: EutilsServer, updates: Callable[..., Path]
) -> None:
    """What scores above its line comes in; the rest of PubMed does not."""
    world = World(tmp_path, eutils)
    trial = "Repetitive transcranial magnetic stimulation for neuropathic pain after nerve injury"
    text = "Patients with peripheral neuropathic pain had rTMS or sham; pain intensity fell."
    folder = updates(1, [entry(1, title=trial, abstract=text), entry(2, title="Of bees")])
    outcome = watch_files(world, folder, model="rms-pnp")
    with world.open() as review:
        assert review.status().records == 1
    assert [one.subject for one in outcome.digest.entries] == ["1"]
    assert any("saved model rms-pnp scores them" in note for note in outcome.digest.notes)


def test_a_record_of_an_update_file_that_cannot_be_read_is_named(
    world: World, updates: Callable[..., Path]
) -> None:
    """The others of its file are read."""
    folder = updates(1, [entry(2), entry(3)])
    path = folder / "pubmed26n0001.xml.gz"
    import gzip

    text = gzip.decompress(path.read_bytes()).replace(b"MedlineCitation", b"Strange", 2)
    path.write_bytes(gzip.compress(text))
    path.with_name(f"{path.name}.md5").unlink()
    digest = watch_files(world, folder).digest
    assert [one.subject for one in digest.entries] == ["3"]
    assert any("a record could not be read" in note for note in digest.notes)
    assert any("no checksum" in note for note in digest.notes)


def test_days_that_pubmed_did_not_name_all_records_of_stay_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts more than it names: what came is reported, and the days are searched again."""
    world.server.add([entry(2, "2026-03-02")])
    world.sleep(days=60)
    monkeypatch.setattr("autoscreen.pubmed.SearchResult.unreachable", 5)
    digest = world.watch().digest
    assert [one.subject for one in digest.entries] == ["2"]
    assert any("searches these days again" in note for note in digest.notes)
    monkeypatch.undo()
    assert world.watch().digest.coverage.since == "2026-01-30"


def test_status_says_where_the_watch_stands(
    world: World, box: MailBox, updates: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that failed or is at work, mail that waits, and what PubMed deleted."""
    command = ("status", str(world.path))
    watch_files(world, updates(1, [], deleted=("1",)))
    box.refuse = "rcpt"
    world.watch(post=post(box))
    said = run(world, *command)[1]
    assert "1 digest not mailed yet" in said
    assert "deleted by PubMed and kept here: PMID 1" in said
    world.server.faults = [("esearch", "forbidden")]
    with pytest.raises(SourceError):
        world.watch()
    assert "the newest run failed: " in run(world, *command)[1]
    with world.open() as review:
        review.watch.begin(source="PubMed", query="q", since="", until="")
    assert "was interrupted" in run(world, *command)[1]
    Review.create(world.folder / "other", protocol=PROTOCOL).close()
    assert "watch  " not in run(world, "status", str(world.folder / "other"))[1]


def test_a_table_shows_a_few_of_the_many_below_the_line(
    tmp_path: Path, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest lists them all, and JSON too."""
    world = World(tmp_path, eutils)
    monkeypatch.chdir(tmp_path)
    with world.open() as review:
        review.protocols.set("rms-pnp")
    eutils.add(invented(15, since=date(2026, 1, 1)))
    code, out, _ = run(world, "watch", "coils", "--since", "2026-01-01", "--model", "rms-pnp")
    assert code == 0
    assert len(out.splitlines()) == 1 + 10 + 2
    assert "and 5 more below the threshold" in out
    assert (tmp_path / "coils-digests").is_dir()


def test_a_timer_keeps_the_options_that_were_given(world: World) -> None:
    """All but those that make sense only once."""
    options = ("--model", "rms-pnp", "--mail", "a@example.org", "--all-of-pubmed", "/srv/u")
    out = run(world, "watch", str(world.path), *options, "--print-timer", "cron")[1]
    for part in ("--model rms-pnp", "--mail a@example.org", "--all-of-pubmed /srv/u", "--quiet"):
        assert part in out
    code, _, said = run(
        world, "watch", str(world.path), "--mail", "nobody", "--print-timer", "cron"
    )
    assert (code, "not a mail address" in said) == (1, True)
