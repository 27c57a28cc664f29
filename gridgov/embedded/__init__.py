"""The embedded form: what one process needs around the four services (state directory, ports, private PostgreSQL)."""
