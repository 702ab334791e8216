"""One gap told whole: what is missing, why, who was asked, what would help, who could do it."""
