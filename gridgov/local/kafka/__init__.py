"""Real Apache Kafka on loopback, without Docker: for tests and for a developer's machine."""
