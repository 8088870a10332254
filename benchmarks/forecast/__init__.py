"""The benchmark of the forecast: a walk through recorded matches, judged beside a ladder."""
