"""What is done to posts."""
