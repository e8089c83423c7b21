-- The tables of a review file. migrations.py says how they may be changed.

-- The review, its files and records --------------------------------------------------------------

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('indexed', '0'), ('designs', ''), ('prior_copies', ''),
  ('encoder', '');

-- Which changes of the tables this file has had, and which version of the program made them.
CREATE TABLE migration (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  at TEXT NOT NULL,
  program TEXT NOT NULL
) STRICT;

-- The CRC-32 of each row of a table that is only ever added to, and of merge, search and job;
-- row_checksums.py makes the triggers.
CREATE TABLE row_checksum (
  table_name TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY (table_name, row_id)
) STRICT, WITHOUT ROWID;

-- Every version of the protocol; the newest is in force.
CREATE TABLE protocol (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  origin TEXT NOT NULL,
  at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;

-- starts = added + merged + already_there + lost
-- addition: 1 for what a person added to a record of the review, which no search identified
-- columns: the columns of a table that were read, each with its meaning, as JSON
CREATE TABLE import_run (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT NOT NULL,
  starts INTEGER NOT NULL,
  added INTEGER NOT NULL,
  merged INTEGER NOT NULL,
  already_there INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  labels INTEGER NOT NULL,
  conflicts INTEGER NOT NULL,
  columns TEXT NOT NULL,
  full_text INTEGER NOT NULL,
  label_column TEXT NOT NULL,
  unused_label_columns TEXT NOT NULL,
  addition INTEGER NOT NULL DEFAULT 0 CHECK (addition IN (0, 1)),
  CHECK (starts = added + merged + already_there + lost)
) STRICT;
CREATE INDEX import_run_sha256 ON import_run (sha256);

CREATE TABLE problem (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES import_run (id),
  line INTEGER,
  record INTEGER,
  message TEXT NOT NULL,
  lost INTEGER NOT NULL CHECK (lost IN (0, 1))
) STRICT;
CREATE INDEX problem_import ON problem (import_id);

-- One row for each record of each file; only record_id ever changes.
CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES import_run (id),
  ordinal INTEGER NOT NULL,
  record_id INTEGER NOT NULL REFERENCES record (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (import_id, ordinal)
) STRICT;
CREATE INDEX source_record ON source (record_id);

-- The content of the record as JSON with its CRC-32, and its text in the file as zlib-compressed
-- UTF-8, which has a checksum of its own. It has a
-- table of its own so that merging, which rewrites a row of source, does not rewrite it too.
CREATE TABLE source_text (
  source_id INTEGER PRIMARY KEY REFERENCES source (id),
  content TEXT NOT NULL,
  raw_format TEXT NOT NULL,
  raw BLOB NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;

-- What is screened: a source, and those merged into it. Its id is that of the first of them.
-- view: the merged content as JSON, with its CRC-32; NULL while there is only one source.
-- open: 'pending' if one of two reviewers has decided; 'conflict' if reviewers, files, or a file and
-- a reviewer disagree and nobody has resolved it. Such a record has no label.
-- full_text_id, full_text_open: the same of the stage of full texts.
-- designs: its study designs between commas (',review,animal,'; ',' for none); NULL until they are
-- needed, and again when its content changes. They can be computed again at any time; the row
-- 'designs' of meta says by which version of the program they were.
CREATE TABLE record (
  id INTEGER PRIMARY KEY REFERENCES source (id),
  title TEXT NOT NULL,
  year INTEGER,
  pmid TEXT,
  doi TEXT,
  has_abstract INTEGER NOT NULL CHECK (has_abstract IN (0, 1)),
  decision_id INTEGER REFERENCES decision (id),
  view TEXT,
  view_checksum INTEGER,
  open TEXT CHECK (open IN ('pending', 'conflict')),
  full_text_id INTEGER REFERENCES decision (id),
  full_text_open TEXT CHECK (full_text_open IN ('pending', 'conflict')),
  designs TEXT
) STRICT;
CREATE INDEX record_decision ON record (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX record_open ON record (open) WHERE open IS NOT NULL;
CREATE INDEX record_full_text ON record (full_text_id) WHERE full_text_id IS NOT NULL;
CREATE INDEX record_full_text_open ON record (full_text_open) WHERE full_text_open IS NOT NULL;
CREATE INDEX record_designs ON record (designs);
CREATE INDEX record_abstract ON record (has_abstract);
-- These sort a large pool quickly.
CREATE INDEX record_title ON record (title COLLATE NOCASE);
CREATE INDEX record_year ON record (year);
CREATE TRIGGER record_designs_change AFTER UPDATE OF view ON record
  BEGIN UPDATE record SET designs = NULL WHERE id = new.id; END;

CREATE TABLE identifier (
  kind TEXT NOT NULL CHECK (kind IN ('pmid', 'doi', 'study')),
  value TEXT NOT NULL,
  source_id INTEGER NOT NULL REFERENCES source (id),
  PRIMARY KEY (kind, value, source_id)
) STRICT, WITHOUT ROWID;

-- Keys for finding duplicates, with their CRC-32; they can be computed again from the source at any
-- time.
CREATE TABLE match_key (
  source_id INTEGER PRIMARY KEY REFERENCES source (id),
  program TEXT NOT NULL,
  key TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX match_key_program ON match_key (program);

-- What two sources may share that makes them worth a comparison, as 64-bit hashes. place: where the
-- source is among those that share it, so that of very many only its neighbours are compared.
CREATE TABLE match_block (
  key INTEGER NOT NULL,
  place INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  PRIMARY KEY (key, place, source_id)
) STRICT, WITHOUT ROWID;

-- In the titles of how many sources a word is, by its hash. numbers: of these sources, between
-- commas; empty if they are many.
CREATE TABLE match_word (
  key INTEGER PRIMARY KEY,
  sources INTEGER NOT NULL,
  numbers TEXT NOT NULL
) STRICT;

-- The merges in force form a forest: each source is absorbed at most once, into an earlier one.
-- decision: the newest decision before it; later ones are about the merged record.
CREATE TABLE merge (
  id INTEGER PRIMARY KEY,
  kept INTEGER NOT NULL REFERENCES source (id),
  absorbed INTEGER NOT NULL REFERENCES source (id),
  import_id INTEGER REFERENCES import_run (id),
  evidence TEXT NOT NULL,
  at TEXT NOT NULL,
  decision INTEGER NOT NULL,
  undone_at TEXT,
  CHECK (kept < absorbed)
) STRICT;
CREATE UNIQUE INDEX merge_in_force ON merge (absorbed) WHERE undone_at IS NULL;
CREATE INDEX merge_kept ON merge (kept);

-- Pairs of sources that are never merged automatically: a person undid their merge, or decided that
-- a possible duplicate is none.
CREATE TABLE apart (
  low INTEGER NOT NULL REFERENCES source (id),
  high INTEGER NOT NULL REFERENCES source (id),
  merge_id INTEGER REFERENCES merge (id),
  pair_id INTEGER REFERENCES possible_duplicate (id),
  PRIMARY KEY (low, high),
  CHECK (low < high),
  CHECK ((merge_id IS NULL) <> (pair_id IS NULL))
) STRICT, WITHOUT ROWID;

-- Pairs of sources that are alike, but not enough for an automatic merge: a person decides.
CREATE TABLE possible_duplicate (
  id INTEGER PRIMARY KEY,
  low INTEGER NOT NULL REFERENCES source (id),
  high INTEGER NOT NULL REFERENCES source (id),
  import_id INTEGER NOT NULL REFERENCES import_run (id),
  evidence TEXT NOT NULL,
  UNIQUE (low, high),
  CHECK (low < high)
) STRICT;

-- What people decided about them; the newest row of a pair is in force, and one without an outcome
-- withdraws the decision before it.
CREATE TABLE duplicate_decision (
  id INTEGER PRIMARY KEY,
  pair_id INTEGER NOT NULL REFERENCES possible_duplicate (id),
  outcome TEXT CHECK (outcome IN ('merged', 'kept apart')),
  merge_id INTEGER REFERENCES merge (id),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX duplicate_decision_pair ON duplicate_decision (pair_id);

-- record_id: the record's id when it was decided, so that undoing a merge separates decisions too.
-- A row with a label is a decision; a row without one withdraws the decision it names.
-- stage: whether title and abstract were screened, or the full text; what the stage of full texts
-- decides changes nothing at the other one.
CREATE TABLE decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id INTEGER NOT NULL REFERENCES source (id),
  reviewer TEXT NOT NULL,
  label TEXT CHECK (
    label IN ('include', 'exclude', 'unsure')
    OR stage = 'full-text' AND label IN ('not retrieved', 'awaiting classification', 'ongoing')),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  at TEXT NOT NULL,
  rank INTEGER,
  score REAL,
  model TEXT NOT NULL,
  import_id INTEGER REFERENCES import_run (id),
  withdraws INTEGER UNIQUE REFERENCES decision (id),
  stage TEXT NOT NULL DEFAULT 'title-abstract' CHECK (stage IN ('title-abstract', 'full-text')),
  CHECK ((label IS NULL) = (withdraws IS NOT NULL))
) STRICT;
CREATE INDEX decision_record ON decision (record_id);
CREATE INDEX decision_reviewer ON decision (reviewer, id);
CREATE INDEX decision_full_text ON decision (record_id) WHERE stage = 'full-text';
CREATE INDEX decision_note ON decision (record_id) WHERE note <> '';

-- The newest ranking. records and scores: little-endian int64 and float64, best first.
CREATE TABLE ranking (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  model TEXT NOT NULL,
  decision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  at TEXT NOT NULL,
  records BLOB NOT NULL,
  scores BLOB NOT NULL
) STRICT;

-- Decisions that were not withdrawn.
CREATE VIEW standing AS
  SELECT * FROM decision WHERE label IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM decision AS later WHERE later.withdraws = decision.id);

-- Records as each stage has them, with the decision in force.
CREATE VIEW stage_record AS
  SELECT id, 'title-abstract' AS stage, decision_id, open FROM record
  UNION ALL SELECT id, 'full-text', full_text_id, full_text_open FROM record;

-- Decisions and withdrawals, each with the record that holds its source now.
CREATE VIEW entry AS
  SELECT decision.id, decision.record_id, label, reviewer, reason, note, at, rank, score, model,
    withdraws, stage, source.record_id AS held_by
  FROM decision JOIN source ON source.id = decision.record_id;

-- Records as they are screened, with the decision in force.
CREATE VIEW screened AS
  SELECT record.id, coalesce(view, content) AS content,
    CASE WHEN view IS NULL THEN checksum ELSE view_checksum END AS checksum, record.decision_id, decision.record_id,
    label, reviewer, reason, note, at, rank, score, model, withdraws, stage
  FROM record JOIN source_text ON source_text.source_id = record.id
  LEFT JOIN decision ON decision.id = record.decision_id;

-- History is only ever added to.
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
  BEGIN SELECT raise(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER decision_kept BEFORE DELETE ON decision
  BEGIN SELECT raise(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER source_stays BEFORE UPDATE OF id, import_id, ordinal ON source
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER source_text_stays BEFORE UPDATE ON source_text
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER source_text_kept BEFORE DELETE ON source_text
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER source_kept BEFORE DELETE ON source
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER merge_stays BEFORE UPDATE OF id, kept, absorbed, import_id, evidence, at, decision ON merge
  BEGIN SELECT raise(ABORT, 'merges are undone, not changed'); END;
CREATE TRIGGER possible_duplicate_stays BEFORE UPDATE ON possible_duplicate
  BEGIN SELECT raise(ABORT, 'possible duplicates are only ever added'); END;
CREATE TRIGGER possible_duplicate_kept BEFORE DELETE ON possible_duplicate
  BEGIN SELECT raise(ABORT, 'possible duplicates are only ever added'); END;
CREATE TRIGGER duplicate_decision_stays BEFORE UPDATE ON duplicate_decision
  BEGIN SELECT raise(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER duplicate_decision_kept BEFORE DELETE ON duplicate_decision
  BEGIN SELECT raise(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER merge_kept_on_record BEFORE DELETE ON merge
  BEGIN SELECT raise(ABORT, 'merges are undone, not deleted'); END;
CREATE TRIGGER protocol_stays BEFORE UPDATE ON protocol
  BEGIN SELECT raise(ABORT, 'a protocol gets a new version'); END;
CREATE TRIGGER protocol_kept BEFORE DELETE ON protocol
  BEGIN SELECT raise(ABORT, 'a protocol gets a new version'); END;

-- Full-text search and bulk decisions ------------------------------------------------------------

-- The words of each source, for full-text search. A source never changes, so rows are only added;
-- the row 'indexed' of meta is the last source in it. The texts themselves are in source_text.
CREATE VIRTUAL TABLE source_words USING fts5 (
  title, abstract, author, journal, other,
  content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- Many records labelled at once: the decisions from first to last.
CREATE TABLE bulk (
  id INTEGER PRIMARY KEY,
  reviewer TEXT NOT NULL,
  label TEXT NOT NULL CHECK (label IN ('include', 'exclude', 'unsure')),
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  first INTEGER NOT NULL REFERENCES decision (id),
  last INTEGER NOT NULL REFERENCES decision (id),
  CHECK (first <= last)
) STRICT;
CREATE TRIGGER bulk_stays BEFORE UPDATE ON bulk
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;
CREATE TRIGGER bulk_kept BEFORE DELETE ON bulk
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;

-- Double screening -------------------------------------------------------------------------------

-- Which share of the records two reviewers screen; the newest row of a stage is in force. It applies to
-- records first decided after the decision noted here; the row before applies to those before.
CREATE TABLE double_screening (
  id INTEGER PRIMARY KEY,
  share REAL NOT NULL CHECK (share BETWEEN 0 AND 1),
  seed INTEGER NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  decision INTEGER NOT NULL,
  stage TEXT NOT NULL DEFAULT 'title-abstract'
    CHECK (stage IN ('title-abstract', 'full-text', 'extraction'))
) STRICT;

-- Decisions by which a conflict was resolved.
CREATE TABLE resolution (
  decision_id INTEGER PRIMARY KEY REFERENCES decision (id)
) STRICT;

-- Decisions that were not withdrawn, with the record that holds them now.
CREATE VIEW voice AS
  SELECT source.record_id AS held_by, standing.id, standing.record_id, standing.reviewer,
    standing.label, standing.import_id, standing.stage,
    CASE standing.stage WHEN 'full-text' THEN standing.reason ELSE '' END AS reason,
    EXISTS (SELECT 1 FROM resolution WHERE decision_id = standing.id) AS resolves
  FROM standing JOIN source ON source.id = standing.record_id;

CREATE TRIGGER double_screening_stays BEFORE UPDATE ON double_screening
  BEGIN SELECT raise(ABORT, 'double screening gets a new setting'); END;
CREATE TRIGGER double_screening_kept BEFORE DELETE ON double_screening
  BEGIN SELECT raise(ABORT, 'double screening gets a new setting'); END;
CREATE TRIGGER resolution_stays BEFORE UPDATE ON resolution
  BEGIN SELECT raise(ABORT, 'resolutions are only ever added'); END;
CREATE TRIGGER resolution_kept BEFORE DELETE ON resolution
  BEGIN SELECT raise(ABORT, 'resolutions are only ever added'); END;

-- Prior knowledge ---------------------------------------------------------------------------------

-- A file of an earlier review. Its records train the ranking; they are not records of this review,
-- and are counted nowhere in it.
-- starts = records in prior_record + unused + lost
CREATE TABLE prior_file (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  starts INTEGER NOT NULL,
  unused INTEGER NOT NULL,
  lost INTEGER NOT NULL
) STRICT;

-- content: the record as JSON, with its CRC-32.
CREATE TABLE prior_record (
  id INTEGER PRIMARY KEY,
  file_id INTEGER NOT NULL REFERENCES prior_file (id),
  label TEXT NOT NULL CHECK (label IN ('include', 'exclude')),
  content TEXT NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX prior_record_file ON prior_record (file_id, label);

-- Which record of prior knowledge in use is also which source of this review; the row
-- 'prior_copies' of meta says at which state of the review they were compared.
CREATE TABLE prior_copy (
  source_id INTEGER NOT NULL REFERENCES source (id),
  prior_id INTEGER NOT NULL REFERENCES prior_record (id),
  PRIMARY KEY (source_id, prior_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE prior_problem (
  id INTEGER PRIMARY KEY,
  file_id INTEGER NOT NULL REFERENCES prior_file (id),
  line INTEGER,
  record INTEGER,
  message TEXT NOT NULL,
  lost INTEGER NOT NULL CHECK (lost IN (0, 1))
) STRICT;

-- A file was imported or restored (in_use), or removed; the newest row of a file counts.
CREATE TABLE prior_act (
  id INTEGER PRIMARY KEY,
  file_id INTEGER NOT NULL REFERENCES prior_file (id),
  in_use INTEGER NOT NULL CHECK (in_use IN (0, 1)),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TRIGGER prior_file_stays BEFORE UPDATE ON prior_file
  BEGIN SELECT raise(ABORT, 'prior knowledge is only ever added'); END;
CREATE TRIGGER prior_file_kept BEFORE DELETE ON prior_file
  BEGIN SELECT raise(ABORT, 'prior knowledge is only ever added'); END;
CREATE TRIGGER prior_record_stays BEFORE UPDATE ON prior_record
  BEGIN SELECT raise(ABORT, 'prior knowledge is only ever added'); END;
CREATE TRIGGER prior_record_kept BEFORE DELETE ON prior_record
  BEGIN SELECT raise(ABORT, 'prior knowledge is only ever added'); END;
CREATE TRIGGER prior_act_stays BEFORE UPDATE ON prior_act
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;
CREATE TRIGGER prior_act_kept BEFORE DELETE ON prior_act
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;

-- Assignment --------------------------------------------------------------------------------------

-- Records assigned to reviewers now; record_id as for decisions.
CREATE TABLE assignment (
  record_id INTEGER NOT NULL REFERENCES source (id),
  reviewer TEXT NOT NULL,
  PRIMARY KEY (record_id, reviewer)
) STRICT;
CREATE INDEX assignment_reviewer ON assignment (reviewer);

-- How many records were assigned to a reviewer, or taken from them, by whom.
CREATE TABLE assignment_act (
  id INTEGER PRIMARY KEY,
  what TEXT NOT NULL CHECK (what IN ('assigned', 'released')),
  reviewer TEXT NOT NULL,
  records INTEGER NOT NULL,
  assigned_by TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE TRIGGER assignment_act_stays BEFORE UPDATE ON assignment_act
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;
CREATE TRIGGER assignment_act_kept BEFORE DELETE ON assignment_act
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;

-- The screening page -----------------------------------------------------------------------------

-- The key under which a page submitted a decision or withdrawal. A page that received no answer
-- submits the same again, and nothing is added twice.
CREATE TABLE handed_in (
  key TEXT PRIMARY KEY,
  decision_id INTEGER NOT NULL REFERENCES decision (id)
) STRICT, WITHOUT ROWID;

-- Tags added to and removed from records; the newest row of a tag counts.
CREATE TABLE tagging (
  id INTEGER PRIMARY KEY,
  record_id INTEGER NOT NULL REFERENCES source (id),
  tag TEXT NOT NULL,
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX tagging_record ON tagging (record_id);

CREATE TRIGGER tagging_stays BEFORE UPDATE ON tagging
  BEGIN SELECT raise(ABORT, 'tags are only ever added to'); END;
CREATE TRIGGER tagging_kept BEFORE DELETE ON tagging
  BEGIN SELECT raise(ABORT, 'tags are only ever added to'); END;

-- A tag added to many records, removed from them, or renamed: the rows of tagging from first to
-- last. renamed_to: the new name, or empty if the tag was deleted everywhere; NULL if it was added
-- to or removed from some records. A row with undoes reverses an earlier act.
CREATE TABLE tag_act (
  id INTEGER PRIMARY KEY,
  tag TEXT NOT NULL,
  renamed_to TEXT,
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  undoes INTEGER UNIQUE REFERENCES tag_act (id)
) STRICT;
CREATE TRIGGER tag_act_stays BEFORE UPDATE ON tag_act
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;
CREATE TRIGGER tag_act_kept BEFORE DELETE ON tag_act
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;

-- Comments on records; record_id as for decisions. stage: the one at which the record was then.
-- mentions: names of colleagues, a JSON list.
CREATE TABLE comment (
  id INTEGER PRIMARY KEY,
  record_id INTEGER NOT NULL REFERENCES source (id),
  stage TEXT NOT NULL CHECK (stage IN ('title-abstract', 'full-text')),
  reviewer TEXT NOT NULL,
  text TEXT NOT NULL,
  mentions TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX comment_record ON comment (record_id);
CREATE TABLE comment_withdrawal (
  comment_id INTEGER PRIMARY KEY REFERENCES comment (id),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE TRIGGER comment_stays BEFORE UPDATE ON comment
  BEGIN SELECT raise(ABORT, 'comments are only ever added'); END;
CREATE TRIGGER comment_kept BEFORE DELETE ON comment
  BEGIN SELECT raise(ABORT, 'comments are only ever added'); END;

-- Mentions that the person mentioned has marked as done.
CREATE TABLE mention_done (
  comment_id INTEGER NOT NULL REFERENCES comment (id),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (comment_id, reviewer)
) STRICT;

-- Sentence embeddings -----------------------------------------------------------------------------

-- What title and abstract of a record mean, as a vector: little-endian float16 with their CRC-32. A
-- row is deleted when the text of its record changes, so that each row is about the present text.
-- They can be computed again at any time, by the encoder that the row 'encoder' of meta names.
CREATE TABLE embedding (
  record_id INTEGER PRIMARY KEY REFERENCES record (id) ON DELETE CASCADE,
  vector BLOB NOT NULL,
  checksum INTEGER NOT NULL
) STRICT;
-- It counts them quickly, since it has no vectors.
CREATE INDEX embedding_record ON embedding (record_id);
CREATE TRIGGER embedding_text AFTER UPDATE OF view ON record WHEN OLD.view IS NOT NEW.view
  BEGIN DELETE FROM embedding WHERE record_id = new.id; END;

-- From which decision on the ranking used which embeddings; the newest row is in force, and before
-- the first there were none. embedded: how many of the records had one.
CREATE TABLE embedding_use (
  id INTEGER PRIMARY KEY,
  encoder TEXT NOT NULL,
  decision INTEGER NOT NULL,
  embedded INTEGER NOT NULL,
  records INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TRIGGER embedding_use_stays BEFORE UPDATE ON embedding_use
  BEGIN SELECT raise(ABORT, 'what the ranking used is only ever added'); END;
CREATE TRIGGER embedding_use_kept BEFORE DELETE ON embedding_use
  BEGIN SELECT raise(ABORT, 'what the ranking used is only ever added'); END;

-- Audits -----------------------------------------------------------------------------------------

-- One row for each audit: a random order of the records that were unlabelled when it began.
-- decision and epoch: the newest decision, and the state of the pool. found: relevant records
-- found before. draws: little-endian int64 record numbers in the order in which they are drawn.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  target REAL NOT NULL CHECK (target > 0 AND target < 1),
  confidence REAL NOT NULL CHECK (confidence > 0 AND confidence < 1),
  seed INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  found INTEGER NOT NULL,
  draws BLOB NOT NULL
) STRICT;

-- The end of an audit, with what was known then; an audit without a row here is in progress.
CREATE TABLE audit_end (
  audit_id INTEGER PRIMARY KEY REFERENCES audit (id),
  at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  note TEXT NOT NULL,
  decision INTEGER NOT NULL,
  drawn INTEGER NOT NULL,
  finds INTEGER NOT NULL,
  proved INTEGER NOT NULL CHECK (proved IN (0, 1))
) STRICT;

-- The recall at which the review may stop; the newest row is in force, without one it is 0.95.
CREATE TABLE stopping_target (
  id INTEGER PRIMARY KEY,
  target REAL NOT NULL CHECK (target > 0 AND target < 1),
  reason TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TRIGGER stopping_target_stays BEFORE UPDATE ON stopping_target
  BEGIN SELECT raise(ABORT, 'targets are only ever added'); END;
CREATE TRIGGER stopping_target_kept BEFORE DELETE ON stopping_target
  BEGIN SELECT raise(ABORT, 'targets are only ever added'); END;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
  BEGIN SELECT raise(ABORT, 'audits stay as they were begun'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
  BEGIN SELECT raise(ABORT, 'audits stay as they were begun'); END;
CREATE TRIGGER audit_end_stays BEFORE UPDATE ON audit_end
  BEGIN SELECT raise(ABORT, 'the end of an audit stays as it was'); END;
CREATE TRIGGER audit_end_kept BEFORE DELETE ON audit_end
  BEGIN SELECT raise(ABORT, 'the end of an audit stays as it was'); END;

-- Searches of databases --------------------------------------------------------------------------

-- Each search of a database, as PRISMA-S asks for: the exact query, its translation by the
-- database, when, on which platform, with which limits, and how many records it found.
-- kind: 'query'; 'pmids' for records requested by their identifiers; 'citations' for works that cite
-- studies or are cited by them; 'watch' for a query by the watch in another database than PubMed.
-- found: what the database counted; hits are listed in search_hit, which may be fewer. Where it is
-- counted again while a search is running, the newest number is kept, and a warning says so.
-- warnings: what the database said about the query, a JSON list of strings.
-- cursor: where a search that comes page by page goes on; empty at the beginning and at the end.
-- status: 'running' until all records were requested; then 'done', or 'partial' if records did not
-- come; 'incomplete' if they did not come a second time either; 'abandoned' if another search
-- replaced it.
CREATE TABLE search (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('query', 'pmids', 'citations', 'watch')),
  database TEXT NOT NULL,
  platform TEXT NOT NULL,
  query TEXT NOT NULL,
  translation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  date_type TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  found INTEGER NOT NULL,
  slices INTEGER NOT NULL,
  started TEXT NOT NULL,
  finished TEXT,
  status TEXT NOT NULL
    CHECK (status IN ('running', 'done', 'partial', 'incomplete', 'abandoned')),
  program TEXT NOT NULL,
  cursor TEXT NOT NULL DEFAULT ''
) STRICT;

-- The records that a search found, in its order. identifier: the PMID, or the database's own
-- identifier; content: the record, zlib-compressed, while it waits to be imported; import_id: the
-- import that it came with.
CREATE TABLE search_hit (
  search_id INTEGER NOT NULL REFERENCES search (id),
  ordinal INTEGER NOT NULL,
  identifier TEXT NOT NULL,
  content BLOB,
  import_id INTEGER REFERENCES import_run (id),
  PRIMARY KEY (search_id, ordinal),
  UNIQUE (search_id, identifier),
  CHECK (content IS NULL OR import_id IS NULL)
) STRICT;

CREATE TRIGGER search_stays
  BEFORE UPDATE OF id, kind, database, platform, query, translation, date_type, since, until,
    slices, started, program ON search
  BEGIN SELECT raise(ABORT, 'searches stay as they were made'); END;
CREATE TRIGGER search_counted BEFORE UPDATE OF found, warnings ON search
  WHEN OLD.status NOT IN ('running', 'partial')
  BEGIN SELECT raise(ABORT, 'searches stay as they were made'); END;
CREATE TRIGGER search_kept BEFORE DELETE ON search
  BEGIN SELECT raise(ABORT, 'searches stay as they were made'); END;
CREATE TRIGGER search_hit_stays BEFORE UPDATE OF search_id, ordinal, identifier ON search_hit
  BEGIN SELECT raise(ABORT, 'what a search found stays'); END;
CREATE TRIGGER search_hit_kept BEFORE DELETE ON search_hit
  BEGIN SELECT raise(ABORT, 'what a search found stays'); END;

-- Reporting --------------------------------------------------------------------------------------

-- Where the records of an import came from, as PRISMA counts them; the newest row of an import is
-- in force. Without one the search or the file says it. platform, searched (a day), limits and query
-- are those of a search that was run elsewhere; empty where nobody has entered them.
CREATE TABLE import_origin (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES import_run (id),
  kind TEXT NOT NULL CHECK (
    kind IN ('database', 'register', 'website', 'organisation', 'citation searching', 'other')),
  name TEXT NOT NULL,
  platform TEXT NOT NULL,
  searched TEXT NOT NULL,
  limits TEXT NOT NULL,
  query TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX import_origin_import ON import_origin (import_id);

-- Two records are reports of one study, or are not although they name the same registration
-- number; the newest row of a pair is in force, and one without is_same withdraws the one before.
CREATE TABLE study_link (
  id INTEGER PRIMARY KEY,
  low INTEGER NOT NULL REFERENCES source (id),
  high INTEGER NOT NULL REFERENCES source (id),
  is_same INTEGER CHECK (is_same IN (0, 1)),
  note TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  CHECK (low < high)
) STRICT;

-- Screening of title and abstract was stopped, or resumed; the newest row is in force. The records
-- up to this source that have no label then are not screened. reason: whether that followed the
-- ranking and its stopping advice, or something else.
CREATE TABLE screening_stop (
  id INTEGER PRIMARY KEY,
  stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),
  source INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('automation', 'other')),
  note TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TRIGGER import_origin_stays BEFORE UPDATE ON import_origin
  BEGIN SELECT raise(ABORT, 'origins are only ever added'); END;
CREATE TRIGGER import_origin_kept BEFORE DELETE ON import_origin
  BEGIN SELECT raise(ABORT, 'origins are only ever added'); END;
CREATE TRIGGER study_link_stays BEFORE UPDATE ON study_link
  BEGIN SELECT raise(ABORT, 'links are only ever added'); END;
CREATE TRIGGER study_link_kept BEFORE DELETE ON study_link
  BEGIN SELECT raise(ABORT, 'links are only ever added'); END;
CREATE TRIGGER screening_stop_stays BEFORE UPDATE ON screening_stop
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;
CREATE TRIGGER screening_stop_kept BEFORE DELETE ON screening_stop
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;

-- Full texts --------------------------------------------------------------------------------------

-- A PDF in the folder beside the review, by its content. text: its pages as a JSON list, as
-- zlib-compressed UTF-8, with the CRC-32 of what is compressed.
CREATE TABLE pdf (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  text BLOB NOT NULL,
  text_checksum INTEGER NOT NULL
) STRICT;

-- The words of each PDF, for full-text search; they can be computed again from its text.
CREATE VIRTUAL TABLE pdf_words USING fts5 (
  text, content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- A PDF was attached to a record; record_id as for decisions, and NULL for a PDF that a person says
-- belongs to none. A row that withdraws another one removes what that one attached; the PDF itself
-- is kept.
CREATE TABLE attachment (
  id INTEGER PRIMARY KEY,
  record_id INTEGER REFERENCES source (id),
  pdf_id INTEGER NOT NULL REFERENCES pdf (id),
  name TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  withdraws INTEGER UNIQUE REFERENCES attachment (id)
) STRICT;
CREATE INDEX attachment_record ON attachment (record_id);

-- Attachments that were not removed.
CREATE VIEW attached AS
  SELECT * FROM attachment WHERE withdraws IS NULL
  AND NOT EXISTS (SELECT 1 FROM attachment AS later WHERE later.withdraws = attachment.id);

CREATE TRIGGER pdf_stays BEFORE UPDATE ON pdf
  BEGIN SELECT raise(ABORT, 'full texts are only ever added'); END;
CREATE TRIGGER pdf_kept BEFORE DELETE ON pdf
  BEGIN SELECT raise(ABORT, 'full texts are only ever added'); END;
CREATE TRIGGER attachment_stays BEFORE UPDATE ON attachment
  BEGIN SELECT raise(ABORT, 'full texts are only ever added'); END;
CREATE TRIGGER attachment_kept BEFORE DELETE ON attachment
  BEGIN SELECT raise(ABORT, 'full texts are only ever added'); END;

-- Data extraction --------------------------------------------------------------------------------

-- What a person entered for a field of the extraction form; record_id as for decisions, one of the
-- reports of the study. Of the rows that were not withdrawn, the newest value or 'not reported' of a
-- field is in force; where two people extract (double_screening, with a share of 1), what both agree
-- on is, or the newest that resolves a difference. 'rejected': a proposed value is wrong.
-- evidence: the sentence that the value comes from, and source: where it is; both may be empty.
CREATE TABLE extraction (
  id INTEGER PRIMARY KEY,
  record_id INTEGER NOT NULL REFERENCES source (id),
  field TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('value', 'not reported', 'rejected')),
  value TEXT NOT NULL,
  evidence TEXT NOT NULL,
  source TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  withdraws INTEGER UNIQUE REFERENCES extraction (id),
  resolves INTEGER NOT NULL DEFAULT 0 CHECK (resolves IN (0, 1)),
  CHECK ((kind = 'not reported') = (value = ''))
) STRICT;
CREATE INDEX extraction_record ON extraction (record_id);
CREATE TRIGGER extraction_stays BEFORE UPDATE ON extraction
  BEGIN SELECT raise(ABORT, 'extracted values are only ever added'); END;
CREATE TRIGGER extraction_kept BEFORE DELETE ON extraction
  BEGIN SELECT raise(ABORT, 'extracted values are only ever added'); END;

-- The watch --------------------------------------------------------------------------------------

-- One row for each run of the watch. A run without a row in watch_end was interrupted, and its days
-- are searched again. ok: what it found was reported; whole: all that was asked for also arrived,
-- and only then are its days covered.
-- since, until: days of entry, both included; empty for update files.
-- base: the newest source, and decision: the newest decision, before it began.
CREATE TABLE watch_run (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  query TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  base INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  started TEXT NOT NULL
) STRICT;

CREATE TABLE watch_end (
  run_id INTEGER PRIMARY KEY REFERENCES watch_run (id),
  ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
  whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
  detail TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- What a run asked a database, as PRISMA-S asks for.
-- date_type: edat for the days of entry, mdat for those of the newest change.
CREATE TABLE watch_search (
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  date_type TEXT NOT NULL,
  platform TEXT NOT NULL,
  query TEXT NOT NULL,
  translation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  found INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (run_id, date_type)
) STRICT, WITHOUT ROWID;

-- Something new, noted as soon as it is found and before anything else is done.
-- subject: a PMID, or the id of a record without one. key: the same thing is reported only once.
CREATE TABLE finding (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  detail TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (kind, subject, key)
) STRICT;
CREATE INDEX finding_subject ON finding (subject);

-- In the digest of which run a finding was reported. alert: whether it was marked as one to read.
-- in_query: whether the PubMed query finds a record of an update file; NULL if not compared.
CREATE TABLE announcement (
  finding_id INTEGER PRIMARY KEY REFERENCES finding (id),
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  alert INTEGER NOT NULL CHECK (alert IN (0, 1)),
  score REAL,
  in_query INTEGER CHECK (in_query IN (0, 1))
) STRICT;

-- Files that a run was about to write. Those of an interrupted run were never announced.
CREATE TABLE watch_digest (
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  path TEXT NOT NULL,
  PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;

-- Messages to be sent, without the recipients, and whether they were sent.
CREATE TABLE watch_mail (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  recipients TEXT NOT NULL,
  message BLOB NOT NULL
) STRICT;
CREATE TABLE watch_mail_sent (
  mail_id INTEGER PRIMARY KEY REFERENCES watch_mail (id),
  at TEXT NOT NULL
) STRICT;

-- Update files that were read to the end. The key comes first: some versions of SQLite take a sound
-- table for damaged if it is STRICT, WITHOUT ROWID and begins with another column.
CREATE TABLE watch_file (
  name TEXT NOT NULL,
  md5 TEXT NOT NULL,
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  PRIMARY KEY (name, md5)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER watch_run_stays BEFORE UPDATE ON watch_run
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER watch_end_stays BEFORE UPDATE ON watch_end
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER watch_search_stays BEFORE UPDATE ON watch_search
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER watch_search_kept BEFORE DELETE ON watch_search
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER finding_stays BEFORE UPDATE ON finding
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER finding_kept BEFORE DELETE ON finding
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER announcement_stays BEFORE UPDATE ON announcement
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER announcement_kept BEFORE DELETE ON announcement
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;

-- Long tasks -------------------------------------------------------------------------------------

-- One row for each long task that was started from a page.
-- options: what it was asked to do; result: its outcome; both JSON. problem: why it failed.
-- state: 'running' until it has ended; then 'done', 'failed', 'stopped' by a person, or
-- 'interrupted' because the server stopped.
CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  options TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT,
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'stopped', 'interrupted')),
  result TEXT,
  problem TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TRIGGER job_stays BEFORE UPDATE OF id, kind, title, reviewer, options, started ON job
  BEGIN SELECT raise(ABORT, 'jobs stay as they were started'); END;
CREATE TRIGGER job_kept BEFORE DELETE ON job
  BEGIN SELECT raise(ABORT, 'jobs stay'); END;
