-- Whether a namespace can be scanned, as whoever came first has said.
local said = redis.call('GET', KEYS[1])
if not said then
  redis.call('SET', KEYS[1], ARGV[1])
  return ARGV[1]
end
return said
