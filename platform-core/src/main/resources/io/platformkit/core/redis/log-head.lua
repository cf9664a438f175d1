-- KEYS: entries, what is known. ARGV: a random number, idle time in ms or 0.
-- Returns epoch and head of a stream, which is made if it is not there.
local stream = open(ARGV[1], ARGV[2])
return {stream.epoch, stream.head}
