"""The engine: next-ball chances, conditions, the exact dynamic programme. Pure."""
