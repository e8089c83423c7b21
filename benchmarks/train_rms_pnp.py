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
from autoscreen.training.model_training import train_model

SENSITIVITY = 0.9
TESTED = (
    "`docs/explanation/monitoring-model.md` has the tests: trained up to a year and tested on "
    "later studies, for four years, by condition and by kind of stimulation.",
    "The sensitivity of the alert threshold was measured on 18 relevant records, by title only, "
    "so its interval is wide.",
)
LIMITS = (
    "Only titles of relevant records were available, so abstracts are scored mainly by the "
    "protocol's concepts.",
    "A title that names neither magnetic stimulation nor a nerve disease is missed, unless the "
    "abstract names them.",
    "Studies of motor recovery or of excitability in patients with nerve lesions score close to "
    "the threshold.",
    "Reviews, protocols and animal studies are alerted if neither indexing nor wording shows "
    "what they are.",
    "It understands English only; translated titles in brackets are scored like others.",
    "Labels are provisional: about a fifth by hand, the rest by rules on titles, spot-checked.",
    "It ranks records for reading and must not be used to leave records out.",
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
            "limits": list(LIMITS),
        },
    )
    save_model(model, ROOT / "models" / "rms-pnp")
    for line in alert_text(model.alert):
        print(line)


if __name__ == "__main__":
    main()
