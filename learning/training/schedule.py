"""When a snapshot is due: every EVERY labels, or as soon as the learner left the served one."""

EVERY = 50  # labels between two snapshots, as a rule
MOVED = 0.03  # tilt, some 2.4 % of the runs; why: "What was tried" in docs/drift.md
HURRY = 200  # labels after an alarm or a promotion, in which snapshots are due sooner
HURRY_EVERY = 4  # labels between two snapshots then
