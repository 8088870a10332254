"""The game: balls, match state, laws, outcomes, resources and the Cricsheet reader. Pure."""
