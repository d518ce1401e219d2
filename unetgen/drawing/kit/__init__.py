"""What pictures by unit and by stage have in common: sizes, distances, signs on arrows, letters, the legend's lines."""
