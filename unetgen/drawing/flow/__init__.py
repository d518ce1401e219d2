"""Ops as they run: a part of a network drawn by itself, each unit a box with its ops in words."""
