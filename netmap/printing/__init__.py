"""What leaves the house on paper or as one file: leaflets, the printed book, the copy that works offline."""
