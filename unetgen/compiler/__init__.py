"""Spec -> normal form -> network: every default, every inheritance, and the only room that knows what a U is."""
