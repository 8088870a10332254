"""What the page shows: a pure fold over the messages, and the documents made from it."""
