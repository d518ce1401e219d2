"""What a network is turned into: source text, a live module."""
