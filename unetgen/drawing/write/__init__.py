"""The formats: one file each, which knows drawings alone."""
