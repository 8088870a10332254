"""The Faust application: the only room that imports Faust."""
