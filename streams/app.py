"""The application as Faust's own command expects it: `faust -A streams.app worker -l info`."""

from streams.settings import Settings
from streams.worker.application import create_app

app = create_app(Settings())
