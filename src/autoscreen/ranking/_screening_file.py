"""Saved models on disk: numbers and hashed words, validated before they are used.

Format 1: NAME.json holds ``format``, ``kind``, ``name``, ``base``, ``prevalence``, ``alert``, the
``concepts`` of the protocol and how ``usual`` each is, ``signs`` (weights by feature), ``words``
(name and SHA-256 of the npz beside it), the ``card``, and ``checksum``, the SHA-256 of all that.
NAME.npz holds for each field of words ``FIELD_columns`` (int32, ascending), ``FIELD_rarity`` and
``FIELD_weights`` (float32). NAME.md is the card to read. A change that an older version would
misread needs a new format number.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from autoscreen.errors import ConfigError, InputError, ModelFormatError
from autoscreen.features import TERM_SPACE, TermWeights
from autoscreen.protocol import Concept, Element
from autoscreen.ranking._alert import Alert
from autoscreen.ranking._model_card import card_text
from autoscreen.ranking._screening_features import Vocabulary, WordField
from autoscreen.ranking._screening_model import ScreeningModel
from autoscreen.resources import resource
from autoscreen.text import ConceptMatcher

FORMAT = 1
KIND = "screening model"
FIELDS = ("title", "abstract", "index")
_DIGITS = 9
_LARGEST = 1 << 28
_LARGEST_NUMBER = 1_000_000  # of a weight; a logistic model has none above a few tens
T = TypeVar("T")


def shipped_models() -> tuple[str, ...]:
    """Return the names of the models that ship with autoscreen, sorted."""
    return tuple(sorted(path.stem for path in resource("models").glob("*.md") if _is_model(path)))


def save_model(model: ScreeningModel, path: str | Path) -> None:
    """Write a model as three files, the same bytes for the same model."""
    place = _json_path(path)
    packed = _packed(model)
    words = _beside(place, ".npz")
    content: dict[str, Any] = {
        "format": FORMAT,
        "kind": KIND,
        "name": model.name,
        "base": _short(model.intercept),
        "prevalence": _short(model.prevalence),
        "alert": {
            key: _short(value) if isinstance(value, float) else value
            for key, value in asdict(model.alert).items()
        },
        "concepts": [asdict(concept) for concept in model.vocabulary.concepts],
        "usual": [[_short(value) for value in row] for row in model.vocabulary.usual.tolist()],
        "signs": dict(
            zip(model.vocabulary.names, map(_short, model.features.tolist()), strict=True)
        ),
        "words": {"file": words.name, "sha256": sha256(packed).hexdigest()},
        "card": dict(model.card),
    }
    content["checksum"] = _checksum(content)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        words.write_bytes(packed)
        place.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
        _beside(place, ".md").write_text(card_text(model.name, model.alert, model.card), "utf-8")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=str(place)) from error


def load_model(name_or_path: str | Path) -> ScreeningModel:
    """
    Read a model and check that it is complete.

    Parameters
    ----------
    name_or_path
        The name of a model that ships with autoscreen, or the path of a JSON file with or without
        ``.json``.

    Raises
    ------
    ModelFormatError
        If there is no such model, or it is damaged or of another format.
    """
    path = _find(name_or_path)
    try:
        return _loaded(path)
    except ModelFormatError:
        raise
    except Exception as error:  # json, zipfile, zlib and numpy raise errors of many kinds
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise _broken(path, f"is damaged ({reason})") from error


def model_checksum(name_or_path: str | Path) -> str:
    """Return the SHA-256 of a model, which names that of its words."""
    return sha256(_find(name_or_path).read_bytes()).hexdigest()


def _loaded(path: Path) -> ScreeningModel:
    content = _content(path)
    _audit_head(content, path)
    file = _part(content, path, lambda: str(content["words"]["file"]))
    if Path(file).name != file:
        raise _broken(path, f"its words must be in the same folder, not in {file}")
    digest = _part(content, path, lambda: str(content["words"]["sha256"]))
    words = _words(path.with_name(file), digest)
    vocabulary = Vocabulary(
        **{one: WordField(TermWeights(words[one][0], words[one][1])) for one in FIELDS},
        concepts=_concepts(content, path),
        usual=_part(content, path, lambda: np.array(content["usual"], dtype=np.float64)),
    )
    if (
        vocabulary.usual.shape != (2, len(vocabulary.concepts))
        or not ((vocabulary.usual > 0) & (vocabulary.usual < 1)).all()
    ):
        raise _broken(path, "the frequencies of its concepts are inconsistent")
    return ScreeningModel(
        name=_part(content, path, lambda: str(content["name"])),
        vocabulary=vocabulary,
        words=np.concatenate([words[one][2] for one in FIELDS]),
        features=_features(content, vocabulary.names, path),
        intercept=_part(content, path, lambda: _finite(content["base"])),
        alert=_alert(content, path),
        prevalence=_part(content, path, lambda: _share(content["prevalence"])),
        card=_part(content, path, lambda: dict(content["card"])),
    )


def _is_model(card: Path) -> bool:
    return card.with_suffix(".json").exists()


def _find(name_or_path: str | Path) -> Path:
    given = str(name_or_path)
    if Path(given).name == given and not given.endswith(".json") and given in shipped_models():
        return resource("models", f"{given}.json")
    path = _json_path(given)
    if not path.is_file():
        if Path(given).is_file():
            hint = "a model is a file NAME.json, with NAME.npz beside it"
            raise ModelFormatError(f"{given}: is not a saved model", hint=hint)
        known = ", ".join(shipped_models()) or "none"
        raise ModelFormatError(
            f"there is no model {given!r}",
            hint=f"shipped with autoscreen: {known}; or use the path of a model's .json file",
        )
    return path


def _json_path(path: str | Path) -> Path:
    given = Path(path)
    return given if given.suffix == ".json" else given.with_name(f"{given.name}.json")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name.removesuffix(".json") + suffix)


def _packed(model: ScreeningModel) -> bytes:
    vocabulary = model.vocabulary
    arrays: dict[str, Any] = {}
    start = 0
    for name in FIELDS:
        terms = getattr(vocabulary, name).terms
        weights = model.words[start : start + len(terms.columns)]
        start += len(terms.columns)
        rising = np.argsort(terms.columns)
        arrays[f"{name}_columns"] = terms.columns[rising].astype(np.int32)
        arrays[f"{name}_rarity"] = terms.rarity[rising].astype(np.float32)
        arrays[f"{name}_weights"] = weights[rising].astype(np.float32)
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _checksum(content: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != "checksum"}
    return sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _broken(path: Path, what: str) -> ModelFormatError:
    return ModelFormatError(f"{path}: {what}", hint="download the model again, or train it again")


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise _broken(path, "is larger than any model")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path, "cannot be read as JSON") from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise _broken(path, "is not a screening model")
    return content


def _audit_head(content: dict[str, Any], path: Path) -> None:
    number = content.get("format")
    if number != FORMAT:
        raise ModelFormatError(
            f"{path}: format {number!r}, expected {FORMAT}", hint="update autoscreen"
        )
    if content.get("checksum") != _checksum(content):
        raise _broken(path, "its checksum does not match: it is damaged or was edited")


def _part(content: dict[str, Any], path: Path, get: Callable[[], T]) -> T:
    try:
        return get()
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(path, f"lacks a part, or one is invalid ({error})") from error


def _finite(value: Any) -> float:
    number = float(value)
    if not abs(number) <= _LARGEST_NUMBER:
        raise ValueError(f"a number is not finite, or above {_LARGEST_NUMBER:,}")
    return number


def _share(value: Any) -> float:
    number = _finite(value)
    if not 0 < number < 1:
        raise ValueError("a share is not between 0 and 1")
    return number


def _concepts(content: dict[str, Any], path: Path) -> tuple[Concept, ...]:
    def read() -> tuple[Concept, ...]:
        return tuple(
            Concept(
                key=str(one["key"]),
                element=Element(one["element"]),
                label=str(one["label"]),
                terms=tuple(str(term) for term in one["terms"]),
                required=bool(one["required"]),
                against=bool(one["against"]),
            )
            for one in content["concepts"]
        )

    concepts = _part(content, path, read)
    try:
        ConceptMatcher(concepts)
    except ConfigError as error:
        raise _broken(path, f"a term of its concepts is invalid ({error})") from error
    return concepts


def _features(content: dict[str, Any], names: tuple[str, ...], path: Path) -> NDArray[np.float64]:
    given = _part(content, path, lambda: dict(content["signs"]))
    if tuple(given) != names:
        raise _broken(path, "was made for features that this version does not support")
    return _part(content, path, lambda: np.array([_finite(one) for one in given.values()]))


def _alert(content: dict[str, Any], path: Path) -> Alert:
    def read() -> Alert:
        given = dict(content["alert"])
        shares = {
            key: _finite(given[key])
            for key in (one.name for one in fields(Alert))
            if key not in {"found", "relevant"}
        }
        return Alert(found=int(given["found"]), relevant=int(given["relevant"]), **shares)

    alert = _part(content, path, read)
    if not 0 <= alert.found <= alert.relevant or not alert.relevant:
        raise _broken(path, "the figures of its alerts are inconsistent")
    return alert


def _words(
    path: Path, digest: str
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]]:
    try:
        if path.stat().st_size > _LARGEST:
            raise _broken(path, "is larger than any model")
        packed = path.read_bytes()
    except OSError as error:
        raise _broken(path, "cannot be read") from error
    if sha256(packed).hexdigest() != digest:
        raise _broken(path, "is not the file that the model names")
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _LARGEST:
                raise _broken(path, "is larger than any model")
        with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
            arrays = {
                name: tuple(stored[f"{name}_{part}"] for part in ("columns", "rarity", "weights"))
                for name in FIELDS
            }
    except ModelFormatError:
        raise
    except Exception as error:  # zlib, tokenize and numpy have errors of their own
        raise _broken(path, "cannot be read as npz") from error
    for name, (columns, rarity, weights) in arrays.items():
        if not _sound(columns, rarity, weights):
            raise _broken(path, f"the words of {name} are damaged")
    return {
        name: (columns.astype(np.int64), rarity, weights)
        for name, (columns, rarity, weights) in arrays.items()
    }


def _sound(columns: NDArray[Any], rarity: NDArray[Any], weights: NDArray[Any]) -> bool:
    return bool(
        columns.ndim == 1
        and columns.shape == rarity.shape == weights.shape
        and columns.dtype == np.int32
        and rarity.dtype == weights.dtype == np.float32
        and (np.abs(weights) <= _LARGEST_NUMBER).all()
        and (rarity > 0).all()
        and (rarity <= _LARGEST_NUMBER).all()
        and (not len(columns) or (columns[0] >= 0 and columns[-1] < TERM_SPACE))
        and (np.diff(columns) > 0).all()
    )
