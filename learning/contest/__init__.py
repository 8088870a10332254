"""Champion and challengers: drift detectors, paired comparisons, promotion, rollback."""
