"""`python -m overcast`."""

from overcast.main import main

main()
