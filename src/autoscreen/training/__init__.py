"""Trains models from the labels of a review, to score records published later."""
