-- KEYS: the key, and the index of a namespace that can be scanned.
-- ARGV: expected version ('' if absent), version and value, time to live in ms or 0, name.
-- Returns 1, or what is there instead.
local version = redis.call('GETRANGE', KEYS[1], 0, 7)
if version == string.sub(ARGV[2], 1, 8) then
  return 1 -- this very call has done it before
end
if version ~= ARGV[1] then
  return redis.call('GET', KEYS[1])
end
if ARGV[3] == '0' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
if KEYS[2] then
  redis.call('ZADD', KEYS[2], 0, ARGV[4])
end
return 1
