"""Posts (岗位): who holds which role in which unit, and who is missing."""
