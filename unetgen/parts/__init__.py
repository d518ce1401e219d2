"""What a U is made of: words for its options, and recipes that write ops into a builder."""
