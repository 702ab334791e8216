"""How good the search is: questions, grades of their answers, and the figures made of both."""
