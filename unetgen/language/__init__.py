"""What may be written: the spec, what makes one of a text, and the specs that come with unetgen."""
