-- A stream is two keys, which come and go together: its entries, a Redis stream with ids
-- '<offset>-<mark>', and what is known of it, a hash: epoch, incarnation (its first epoch), floor
-- (the last trimmed entry), head and max (bytes of the largest entry so far). One key would do, with a consumer group for epoch and floor,
-- but XINFO and XREVRANGE cost a quarter more of the server's time for each append.
-- Offsets are numbers, formatted by hand, for Lua writes large ones as 1e+15; marks have 63 bits
-- and remain text.
local entries, meta = KEYS[1], KEYS[2]

local function offset_of(id)
  return tonumber(string.match(id, '^%d+'))
end

local function text(number)
  return string.format('%.0f', number)
end

local function known()
  local found = redis.call('HMGET', meta, 'epoch', 'floor', 'head', 'incarnation', 'max')
  if found[1] then
    return {
      epoch = found[1], floor = found[2], head = found[3], incarnation = found[4], max = found[5]
    }
  end
end

-- What is known of the stream, which is made if it is not there; a random number makes it unique.
local function open(random, idle)
  local found = known()
  if found then
    return found
  end
  local floor = '0-' .. random
  redis.call('DEL', entries)
  redis.call('HSET', meta, 'epoch', random, 'incarnation', random, 'floor', floor, 'head', floor,
    'max', '0')
  if idle ~= '0' then
    redis.call('PEXPIRE', meta, idle)
  end
  return {epoch = random, floor = floor, head = floor, incarnation = random, max = '0'}
end

-- The server's time, in ms.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
