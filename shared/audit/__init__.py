"""What an audit and an examination look at and what they say, for the services' own invariants and questions."""
