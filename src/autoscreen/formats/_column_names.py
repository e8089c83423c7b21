"""The names by which databases, registries and screening tools call their columns."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

OWN = "autoscreen"
"""The column in which autoscreen keeps what its others cannot hold; it marks a table as its own."""

# For each meaning the names, best first, in lower case with single spaces for what is no letter
# or digit. PubMed, Embase, Scopus, Web of Science, Cochrane, Ovid, ProQuest, EBSCO, IEEE, Springer,
# Lens, OpenAlex, Dimensions, ClinicalTrials.gov, ICTRP, Zotero, EndNote, Rayyan, Covidence,
# colandr, ASReview, EPPI-Reviewer, DistillerSR, rispy.
_NAMES = {
    "title": "title|article title|document title|item title|primary title|display name|ti"
    "|study title|brief title|public title|scientific title|citation title|original title"
    "|short title"
    "|titel|titre|titulo|titel des artikels|titre de l article|titulo del articulo|titolo"
    "|artikeltitel"
    "|tytuł|başl\u0131k|rubrik|tittel|标题|题名|篇名|題名|標題|タイトル|論文名|제목|논문제목|заглавие|название"
    "|titulo del estudio|titre de l etude",
    "abstract": "abstract|abstract note|ab|abstract text|brief summary|summary|notes abstract"
    "|citation abstract|original abstract"
    "|zusammenfassung|kurzfassung|resume|resumen|resumo|riassunto|detailed description"
    "|streszczenie|özet|sammanfattning|samenvatting|sammendrag|摘要|抄録|要旨|アブストラクト|초록|аннотация|реферат",
    "authors": "author full names|authors|author names|author|author s|af|au"
    "|authorships author display name|first authors|creators|contributors|citation authors"
    "|book authors|first author"
    "|autoren|autor|auteurs|auteur|autores|autor en|auteur s|autor es|verfasser|autori"
    "|autorzy|yazarlar|författare|forfattere|作者|著者|저자|авторы|автор",
    "year": "year|publication year|published year|year published|pub year|py|year of publication"
    "|pubyear|citation pub year|publication date|date published|date|publicationdate|pubdate"
    "|originalpaperdate"
    "|jahr|erscheinungsjahr|publikationsjahr|annee|annee de publication|ano|ano de publicacion"
    "|anno|date registration3|date registration|registration date|date of registration"
    "|study first posted|first posted|study first submitted|start date"
    "|年份|年|出版年|出版年份|发表年份|発行年|연도|발행연도|год"
    "|jaar|y\u0131l|yil|发表时间|rok",
    "journal": "journal|journal title|source title|journal book|publication title|publicationname"
    "|publication name|container title|secondary title|primary location source display name"
    "|alternate title3|journal name|venue|so|booktitle|book title|abbreviated source title"
    "|journal abbreviation|alternate title2|series title|alternatename|pubtitle|parenttitle"
    "|anthology title|citation journal name"
    "|zeitschrift|revue|revista|periodique|titre de la revue|titulo de la revista"
    "|zeitschriftentitel|rivista"
    "|刊名|期刊|来源|来源期刊|期刊名称|雑誌名|誌名|학술지|학술지명|журнал"
    "|dergi|periodico|tijdschrift|文献来源|tidskrift|tidsskrift|czasopismo",
    "volume": "volume|vl|journal volume|citation journal volume|band|jahrgang|tome|volumen"
    "|卷|巻|권",
    "issue": "issue|issue number|number|journal issue|is|heft|ausgabe|numero|fascicule|fasciculo"
    "|期|号|호",
    "pages": "pages|page range|pagination|page numbers|seiten|seite|paginas|pagina"
    "|页码|頁碼|ページ|페이지",
    "start": "start page|page start|pagestart|first page|bp",
    "end": "end page|page end|pageend|last page|ep",
    "article": "art no|article number|ar",
    "publisher": "publisher|pu|pb|book publisher|verlag|editeur",
    "pmid": "pmid|pubmed id|pubmedid|medline pmid|pubmed pmid|ids pmid|pubmed|medline id|pm"
    "|originalpaperpubmedid",
    "pmcid": "pmcid|pmc id|pmc|ids pmcid|pubmed central id",
    "doi": "doi|item doi|digital object identifier|article doi|di|ids doi"
    "|digitalobjectidentifier|citation doi|originalpaperdoi",
    "accession": "accession|accession number|embase accession id|ut unique wos id|ut|eid|lens id"
    "|openalex id|pui|cochrane review id|central id|cochrane library number|an|wos id|nct number"
    "|nct id|trialid|accessionnumber|publication id"
    "|trial id|registry number|main id",
    "source_key": "record id|covidence|key|citation key|refid|ref id|reference id|itemid|study id"
    "|abstrackr id|id|ref|custom id|customid",
    "record_type": "record type|item type|type of reference|reference type|referencetype|type",
    "publication_types": "publication types|document type|publication type|article type"
    "|articletype|documenttype|type of work|content type|doctype|doctypes"
    "|publikationstyp|dokumenttyp|type de document|type de publication|tipo de documento",
    "languages": "languages|language of original document|article language|language of article"
    "|language|la"
    "|sprache|langue|idioma|lengua",
    "entered": "entered|create date|full record entry date|aip ip entry date|entry date",
    "note": "notes|note|notizen|notiz|anmerkungen|remarques|notas",
    "tags": "tags|labels",
    "label": "label|asreview label|label included|included label|included|final included"
    "|final inclusions|final inclusion|included final|include|final decision|consensus|decision"
    "|adjudicator|adjudication|adjudicated decision|consensus decision|final vote|resolved decision"
    "|screening decision|inclusion|relevant|is relevant|abstract decision|title abstract decision"
    "|citation screening status|citation status|label abstract|label fulltext"
    "|决定|决策|筛选结果|纳入|是否纳入|判定|採否|결정|포함여부|선정여부|решение|entscheidung|votum"
    "|einschluss|decision final|decisao|avis|decisione|beslissing|beslut|beslutning|decyzja"
    "|karar|paatos|verdict|vote|eligible|eligibility|screening result|screening outcome"
    "|screening status"
    "|include exclude|in out|eingeschlossen|inclus|retenu|incluido|incluida|incluso|inclusie"
    "|geincludeerd|dahil|포함|포함 여부|선별결과|纳入 排除|筛选决定|選択|スクリーニング結果",
    "reason": "reason|ft exclusion reason|full text exclusion reason|fulltext exclusion reason"
    "|full text reason|exclusion reason|exclude reason|reason for exclusion|exclusion reasons"
    "|reasons|citation exclude reasons"
    "|排除原因|排除理由|除外理由|제외사유|ausschlussgrund|motif d exclusion"
    "|motivo de exclusion|motivo de exclusao|motivo esclusione|grund"
    "|motivo di esclusione|motivo da exclusao|reden|reden van uitsluiting|gerekce|제외 사유"
    "|raison d exclusion|raison|motif|motivo|begrundung|grund des ausschlusses|ausschlussgrunde",
    "reviewer": "reviewer|screener|reviewer name|decided by|reviewers|users|user name|user"
    "|screened by|reviewed by",
    "label_note": "label note|asreview note|decision note",
    "scientific": "scientific title|official title|public title|brief title|study title",
    "outcome": "primary outcome|primary outcomes|primary outcome measures",
    "retracted": "is retracted|retractionnature",
    "cited_as": "source|citation",
    "extra": "extra",
    "own": OWN,
}
READ_AS = {"label": "decision", "label note": "note on the decision", "own": "autoscreen's notes"}
# All columns with one of these names count.
_SEVERAL = {
    "keywords": "author keywords|keywords|keyword|keywords plus|index keywords|index terms|de"
    "|manual tags|automatic tags|emtree drug index terms major focus|emtree drug index terms"
    "|emtree medical index terms major focus|emtree medical index terms|ieee terms"
    "|inspec controlled terms|inspec non controlled terms|subjects|subject headings|descriptors"
    "|subjectterms|identifierkeywords|citation keywords|conditions"
    "|schlagworter|schlagworte|stichworter|schlusselworter|mots cles|mots clefs|palabras clave"
    "|palavras chave|condition|interventions|intervention"
    "|关键词|關鍵詞|キーワード|키워드|주제어|ключевые слова"
    "|parole chiave|trefwoorden|anahtar kelimeler|słowa kluczowe|nyckelord|nøkkelord",
    "mesh": "mesh|mesh terms|mesh headings|mesh heading|mh",
    "urls": "url|urls|link|links|source urls|external url|embase link|documenturl|plink|articleurl"
    "|study url|dimensions url|web address",
    "issns": "issns|issn|eissn|e issn|print issn|electronic issn|isbn issn|issn isbn|isbn|isbns"
    "|primary location source issn l",
}
# Columns of Lens, OpenAlex and Springer, who write given names first.
GIVEN_FIRST = frozenset(["lens id", "authorships author display name", "item doi"])
# Columns of EBSCO and Publish or Perish, whose "source" is no citation but the journal.
SOURCE_IS_JOURNAL = frozenset(["longdbname", "gsrank"])
_NOT_NAME = re.compile(r"[\W_]+")


def normal(name: str) -> str:
    """Return a column's name in the form in which names are compared."""
    bare = "".join(char for char in normalize("NFKD", name.lower()) if not combining(char))
    return normalize("NFC", _NOT_NAME.sub(" ", bare)).strip()


def _compared(names: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {meaning: tuple(map(normal, given.split("|"))) for meaning, given in names.items()}


NAMES = _compared(_NAMES)
"""For each meaning the names, best first, in the form in which they are compared."""
SEVERAL = _compared(_SEVERAL)
"""For each meaning the names, of which all columns count."""
