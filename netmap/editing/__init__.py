"""Room: what people write into the directory, who wrote it when, and how it is taken back."""
