"""The HTTP edge of all services: what comes in is checked here, and every error leaves as problem+json."""
