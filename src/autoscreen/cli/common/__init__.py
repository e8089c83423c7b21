"""What several verbs share: output, progress, errors, the terminal."""
