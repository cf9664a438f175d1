-- The host's script follows; it sees its own keys and arguments.
if not is_held() then
  return redis.error_reply('LEASELOST the lease is not held any more')
end
local KEYS, ARGV = {unpack(KEYS, 2)}, {unpack(ARGV, 3)}
