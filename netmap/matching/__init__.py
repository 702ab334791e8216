"""From needs to packages to providers, with reasons."""
