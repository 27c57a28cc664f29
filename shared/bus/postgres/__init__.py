"""The bus on PostgreSQL: a durable log in a schema of its own."""
