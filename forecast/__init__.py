"""What follows from a situation: next ball, conditions, the exact dynamic programme. Pure."""
