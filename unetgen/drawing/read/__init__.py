"""Network -> what there is to draw, before it has a place."""
