"""The rules of supervision: frozen dataclasses and pure functions; time, ids and the calendar are arguments."""
