-- KEYS[1]: the lease. ARGV[1], ARGV[2]: token and nonce of who says that it is held.
local function is_held()
  local time = redis.call('TIME')
  local now = time[1] * 1000000 + time[2]
  local found = redis.call('HMGET', KEYS[1], 'token', 'nonce', 'until')
  return found[1] == ARGV[1] and found[2] == ARGV[2] and now < tonumber(found[3]), now
end
