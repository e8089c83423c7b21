"""Active learning: which record to read next, and refits that nobody waits for."""

from autoscreen.active._refit import BackgroundRefit
from autoscreen.active._replay import EVERY_LABEL, USUAL_REFITS, Refits, replay
from autoscreen.active._stops import stops_of
from autoscreen.active._strategies import EXPLORATION_SHARE, Pick, Strategy, pick_next

__all__ = [
    "EVERY_LABEL",
    "EXPLORATION_SHARE",
    "USUAL_REFITS",
    "BackgroundRefit",
    "Pick",
    "Refits",
    "Strategy",
    "pick_next",
    "replay",
    "stops_of",
]
