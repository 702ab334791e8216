"""Room: what people write into the directory: forms as flat fields, drafts, history, taking back."""
