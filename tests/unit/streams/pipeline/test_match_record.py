"""Records of matches that an earlier version of Overcast left in Redis."""

import re

from streams.pipeline.match_record import decode_record, encode_record
from tests.support.matches import log_of, messages, run, short_match

# What this version writes and the one before did not.
ADDED = re.compile(rb',"(?:not_in_over|over_called|all_out_at|wickets)":(?:false|null)(?=[,}])')
CREDITED = re.compile(rb'(\["[^"\[\]]*","[^"\[\]]*",\d+,[01],"[^"]*"),\d+\]')


def test_a_record_that_the_version_before_wrote_is_read() -> None:
    match = messages(short_match("m", "1.4W2.", "1"))[:5]
    (record,) = run(log_of(match)).records.values()
    now = encode_record(record)
    before = CREDITED.sub(rb"\1]", ADDED.sub(b"", now))
    assert len(before) < len(now)
    assert encode_record(decode_record(before)) == CREDITED.sub(rb"\1,0]", now)
