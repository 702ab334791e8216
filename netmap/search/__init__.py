"""Finding services, whatever the engine."""
