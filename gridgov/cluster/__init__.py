"""The cluster form: each service and role a process of its own, on Kafka, and the whole of it as local processes."""
