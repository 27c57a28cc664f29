"""What runs on one machine for the platform: state directory, ports, PostgreSQL, Kafka, and guards of processes."""
