-- KEYS: the key, and the index of a namespace that can be scanned. ARGV: expected version, name.
-- Returns 1, or what is there instead.
if redis.call('GETRANGE', KEYS[1], 0, 7) ~= ARGV[1] then
  return redis.call('GET', KEYS[1])
end
redis.call('DEL', KEYS[1])
if KEYS[2] then
  redis.call('ZREM', KEYS[2], ARGV[2])
end
return 1
