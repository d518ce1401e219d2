"""What is run by hand to make files that the project carries."""
