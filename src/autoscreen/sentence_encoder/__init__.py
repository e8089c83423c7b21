"""Turns sentences into vectors, so that texts about the same thing are close to each other."""
