"""Stages of a U or of a nested network, a box each -> places."""
