-- KEYS: the index. ARGV: what keys begin with, least and most name, how many, how many bytes.
-- Returns names and values by turns, and the name to go on after, if any.
-- Names whose keys have expired are forgotten in passing.
local limit, bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
local names = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[2], ARGV[3], 'LIMIT', 0, limit + 1)
local found = {}
local seen = 0
while seen < limit and seen < #names and bytes > 0 do
  seen = seen + 1
  local value = redis.call('GET', ARGV[1] .. names[seen])
  if value then
    found[#found + 1] = names[seen]
    found[#found + 1] = value
    bytes = bytes - #value
  else
    redis.call('ZREM', KEYS[1], names[seen])
  end
end
return {found, seen < #names and names[seen]}
