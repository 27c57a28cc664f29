"""The rules of dispatch: frozen dataclasses, the lifecycle table, routing; no I/O."""
