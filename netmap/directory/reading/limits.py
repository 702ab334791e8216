"""How much a file may hold, and what reading it may cost."""

MEGABYTE = 1024 * 1024
FILE_MEGABYTES = 20
UNPACKED_MEGABYTES = 100
RATIO = 100  # a text file shrinks to a tenth; a hundredth and less is a bomb
MEMBERS = 500
ROWS = 200_000
COLUMNS = 2_000
CELL = 1_000_000  # characters
LINE = 5_000_000  # characters
OBJECTS = 400_000  # of JSON; each costs ten times what a cell costs
CELLS = 2_000_000  # of one file
CELLS_TOGETHER = 5_000_000  # of all files; 90 million empty ones took 1.3 GB of memory
MEMORY_MEGABYTES = 1024  # of the child process, as addresses: about twice what it really uses
SECONDS = 30
