"""What leaves the process: external calls against the catalogue of providers, libraries and HTTP clients."""

from dealix_lint.effects.attribution import attributed
from dealix_lint.effects.index import EffectIndex
from dealix_lint.effects.recognise import Recogniser

__all__ = ["EffectIndex", "Recogniser", "attributed"]
