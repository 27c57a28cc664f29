"""The rules of intake: frozen dataclasses and pure functions; time, ids and reference data are arguments."""
