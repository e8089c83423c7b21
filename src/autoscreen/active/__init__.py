"""Active learning: which record to read next, and refits that nobody waits for."""

from autoscreen.active._refit import BackgroundRefit
from autoscreen.active._strategies import Pick, Strategy, pick_next

__all__ = ["BackgroundRefit", "Pick", "Strategy", "pick_next"]
