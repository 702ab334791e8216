"""Work that is done after the answer has been sent."""
