-- ARGV: time to live in ms, how long a token is remembered in ms. Returns 1 if the lease is held.
local held, now = is_held()
if not held then
  return 0
end
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + ARGV[3] * 1000))
redis.call('PEXPIRE', KEYS[1], ARGV[3] + ARGV[4])
return 1
