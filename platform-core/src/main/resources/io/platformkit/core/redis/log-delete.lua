-- KEYS: entries, what is known, what remembers that the stream was deleted.
-- ARGV: how long an append may be sent again, in ms.
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SET', KEYS[3], '', 'PX', ARGV[1])
return 1
