"""Text and places in it, and what is wrong with them: the first rooms, which know nothing of networks."""
