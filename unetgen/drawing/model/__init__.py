"""What a picture is made of, in points; it has never heard of a network."""
