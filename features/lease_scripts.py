"""The scripts by which a lease is claimed, and matches are written under it, in one step each."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import redis

CLAIM = """
local owner = redis.call('HGET', KEYS[1], 'owner') or '0'
owner = (tonumber(string.match(owner, '^%d+')) + 1) .. ':' .. ARGV[1]
redis.call('HSET', KEYS[1], 'owner', owner)
local through = redis.call('HGET', KEYS[1], 'through') or '-1'
local appended = redis.call('HGET', KEYS[1], 'appended') or '0'
return {owner, through, appended, redis.call('HGET', KEYS[1], 'log') or ''}
"""

# Everything of the partition goes, but for who holds it.
FORGET = """
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 'taken' end
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do redis.call('UNLINK', key) end
redis.call('UNLINK', KEYS[2])
redis.call('HDEL', KEYS[1], 'through', 'appended', 'log', 'matches')
return 'written'
"""

# A write that is repeated because its answer was lost finds `through` moved already. A match of
# which only changes are written must still be there.
WRITE = """
local owner = redis.call('HGET', KEYS[1], 'owner') or '0:'
local through = redis.call('HGET', KEYS[1], 'through') or '-1'
if owner ~= ARGV[1] then
  local number = function(text) return tonumber(string.match(text, '^%d+')) end
  if number(owner) >= number(ARGV[1]) then return 'taken' end
  return 'behind'
end
if ARGV[2] ~= 'any' and through ~= ARGV[2] and through ~= ARGV[3] then return 'behind' end
local at, stored = 7, {}
for place = 3, #KEYS do
  stored[place] = redis.call('HGET', KEYS[place], 'offset')
  if not stored[place] and ARGV[at + 2] == 'changes' then return 'evicted' end
  at = at + 4 + 2 * tonumber(ARGV[at + 3])
end
at = 7
for place = 3, #KEYS do
  local key, last = KEYS[place], at + 3 + 2 * tonumber(ARGV[at + 3])
  if tonumber(ARGV[at + 1]) >= tonumber(stored[place] or '-1') then
    redis.call('HSET', key, 'offset', ARGV[at + 1])
    for field = at + 4, last, 2 do
      redis.call('HSET', key, ARGV[field], ARGV[field + 1])
    end
    redis.call('EXPIRE', key, ARGV[at])
    redis.call('ZADD', KEYS[2], ARGV[at + 1], key)
  end
  at = last + 1
end
local over = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if over > 0 then
  local gone = redis.call('ZPOPMIN', KEYS[2], over)
  for place = 1, #gone, 2 do redis.call('UNLINK', gone[place]) end
end
redis.call('HSET', KEYS[1], 'matches', redis.call('ZCARD', KEYS[2]))
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'through', ARGV[3], 'appended', ARGV[5], 'log', ARGV[6])
end
return 'written'
"""

Script = Callable[..., Any]
Call = Callable[[str, Callable[[redis.Redis], Any]], Any]


class LeaseScripts(NamedTuple):
    """The scripts of a lease, called with `keys` and `args`."""

    claim: Script
    write: Script
    forget: Script


def lease_scripts(call: Call) -> LeaseScripts:
    """The scripts; `call` runs one on the server that holds its first key, and so all of them."""
    return LeaseScripts(*(partial(_run, call, text) for text in (CLAIM, WRITE, FORGET)))


def _run(call: Call, text: str, keys: Sequence[str], args: Sequence[Any]) -> Any:
    return call(keys[0], lambda server: server.register_script(text)(keys=keys, args=args))
