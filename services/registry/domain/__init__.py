"""What a unit and a post are, and the rules they obey. Pure."""
