"""The embedded form: all services, their workers and the pages in one process (`gridgov up`)."""
