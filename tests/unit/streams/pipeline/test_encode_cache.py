"""What is remembered as JSON is the JSON of the value, and is forgotten in time."""

import msgspec

from streams.pipeline.encode_cache import EncodeCache
from streams.pipeline.match_record import decode_parts, encode_entry, encode_head
from tests.support.matches import log_of, messages, run, short_match

LOG = log_of(messages(short_match("m", "14.6wW2", "1146")))
encode = msgspec.json.Encoder().encode


def test_a_head_is_byte_for_byte_the_record_without_its_book_after_every_message() -> None:
    for length in range(1, len(LOG) + 1):
        record = run(LOG[:length]).records["m"]
        plain = msgspec.structs.replace(record, log=(), checkpoints=())
        assert encode_head(record) == encode(plain)
        whole = decode_parts(encode_head(record), map(encode_entry, record.log))
        assert whole == msgspec.structs.replace(record, checkpoints=())


def test_equal_values_that_are_other_objects_are_encoded_themselves() -> None:
    asked: list[object] = []

    def counted(value: object) -> bytes:
        asked.append(value)
        return encode(value)

    unchanged = EncodeCache(counted, kept=2)
    one, other, third = [1, 2.5], [1, 2.5], ["x"]
    found = [bytes(unchanged.json(value)) for value in (one, one, other, third, one)]
    assert found == [b"[1,2.5]", b"[1,2.5]", b"[1,2.5]", b'["x"]', b"[1,2.5]"]
    assert len(asked) == 4  # the second time it is remembered, at the end it has been forgotten
