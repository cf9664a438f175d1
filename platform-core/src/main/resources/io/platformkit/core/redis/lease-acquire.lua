-- KEYS: the lease. ARGV: nonce of who asks, time to live in ms, how long a token is remembered in ms.
-- Returns the token, or nothing if somebody else holds the lease.
-- Times are the server's, in microseconds; so are tokens, that they grow after all data were lost.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local found = redis.call('HMGET', KEYS[1], 'token', 'nonce', 'until')
if now < tonumber(found[3] or 0) then
  return found[2] == ARGV[1] and found[1] -- this very call has taken it before
end
local token = string.format('%.0f', math.max(tonumber(found[1] or 0) + 1, now))
local til = string.format('%.0f', now + ARGV[2] * 1000)
redis.call('HSET', KEYS[1], 'token', token, 'nonce', ARGV[1], 'until', til)
redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[3])
return token
