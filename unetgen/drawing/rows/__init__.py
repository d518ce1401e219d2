"""Rows of a U with a box per unit or op -> places."""
