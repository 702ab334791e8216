"""The application for a WSGI server: ``gunicorn wsgi:app``. It is production unless NETMAP_PRODUCTION=0."""

import os
import sys

from netmap.app import create_app, start_warm_up
from netmap.config import Settings
from netmap.errors import NetmapError

try:
    app = create_app(Settings.from_environment({"NETMAP_PRODUCTION": "1", **os.environ}))
    start_warm_up(app)
except NetmapError as error:
    print(f"netmap: {error.message}", file=sys.stderr)
    sys.exit(3)  # the status at which gunicorn gives up; at others it would start new processes for ever
