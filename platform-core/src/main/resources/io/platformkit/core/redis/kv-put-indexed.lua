-- KEYS: the index, then keys. ARGV: time to live in ms or 0, then name and value of each key.
for i = 2, #KEYS do
  local name, value = ARGV[2 * i - 2], ARGV[2 * i - 1]
  if ARGV[1] == '0' then
    redis.call('SET', KEYS[i], value)
  else
    redis.call('SET', KEYS[i], value, 'PX', ARGV[1])
  end
  redis.call('ZADD', KEYS[1], 0, name)
end
