"""The bus on Apache Kafka; only these modules know aiokafka."""
