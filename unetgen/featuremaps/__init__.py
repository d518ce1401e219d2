"""Feature maps in the boxes of a picture: images are read, the module runs, and what it gives becomes small pictures.

Each file knows nothing of those that follow: `images` reads and makes an image what the network takes, `pixels` makes a
small picture of a map, `picture` holds it all together.
"""
