"""The application as Faust's own command expects it: `faust -A streams.app worker -l info`."""

import sys

from streams.failure import one_sentence
from streams.settings import Settings
from streams.worker import malloc_tuning
from streams.worker.application import create_app
from streams.worker.start_checks import check

with one_sentence():
    malloc_tuning.tune()
    settings = Settings()
    if "worker" in sys.argv:  # Faust has other commands, which need no server
        check(settings)
    app = create_app(settings)
