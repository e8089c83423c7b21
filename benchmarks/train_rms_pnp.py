"""Trains the model rms-pnp that ships with autoscreen.

    python benchmarks/train_rms_pnp.py

Writes models/rms-pnp.json, .npz and the card .md, the same bytes from the same data and library
versions. The labels are those of data/rms_pnp/labels.csv; the texts need the real data
(AUTOSCREEN_DATA). `benchmarks/rms_pnp.py` tests what it learns.

Without those data: autoscreen train --protocol rms-pnp --labels data/rms_pnp/labels.csv --fetch
--records POOL --out models/rms-pnp, where POOL is any export with records on other subjects.
"""

from __future__ import annotations

import sys

from _common import ROOT
from _rms import labelled
from autoscreen.protocol import load_protocol
from autoscreen.ranking import alert_text, save_model
from autoscreen.training import train_model

SENSITIVITY = 0.9
TESTED = (
    "`docs/explanation/monitoring-model.md` has the tests: trained on the past, tried on what came "
    "later, for four years, by condition and by kind of stimulation.",
    "The promise of the alert threshold rests on 18 relevant records, of which only titles were "
    "at hand: its interval is wide.",
)
LIMITS = (
    "Relevant records were seen as titles only, so that how it reads their abstracts rests on the "
    "protocol's concepts.",
    "A title that names neither magnetic stimulation nor a disease of the nerves is not found "
    "unless the abstract does.",
    "Studies of motor recovery, or of excitability, in patients with nerve lesions come near the "
    "threshold.",
    "Reviews, protocols and animal studies that are not indexed as such and do not say so in "
    "plain words are alerted.",
    "It reads English words only; translated titles in brackets are read as they stand.",
    "Labels are provisional: about a fifth by hand, the rest by rules on titles, spot-checked.",
    "It orders records for reading; it must not be used to leave records out.",
)


def main() -> None:
    joined, labels = labelled()
    print(f"{len(labels)} labels, {len(joined.missing)} without a text", file=sys.stderr)
    model = train_model(
        joined.examples,
        load_protocol("rms-pnp"),
        name="rms-pnp",
        sensitivity=SENSITIVITY,
        card={
            "labels from": "data/rms_pnp/labels.csv (provenance: data/rms_pnp/README.md).",
            "tested": list(TESTED),
            "where it fails": list(LIMITS),
        },
    )
    save_model(model, ROOT / "models" / "rms-pnp")
    for line in alert_text(model.alert):
        print(line)


if __name__ == "__main__":
    main()
