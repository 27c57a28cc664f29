"""Availability (在岗): leave and shifts, and who is on duty in a unit at an instant."""
