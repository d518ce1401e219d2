"""The version of unetgen, where everything that names it can reach it."""

__version__ = "0.1.0"
