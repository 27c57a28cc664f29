"""What an operator does with a whole installation: audit, doctor, dead letters, backup. Reads all services' databases."""
