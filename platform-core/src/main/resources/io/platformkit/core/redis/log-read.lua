-- KEYS: entries, what is known. ARGV: a random number, idle time in ms or 0; epoch, offset and mark
-- of the position, epoch '' for the oldest; how many entries and bytes.
-- Returns 0, epoch, head, max, then id, time and data of each entry by turns: nested lists would cost
-- the server a write each. Or 1 (another epoch), 2 (trimmed) or 3 (rolled back), epoch, floor, head.
local ENTRIES, EPOCH, TRIMMED, ROLLED_BACK = 0, 1, 2, 3
local stream = open(ARGV[1], ARGV[2])
local floor, head = offset_of(stream.floor), offset_of(stream.head)
local after, id = tonumber(ARGV[4]), ARGV[4] .. '-' .. ARGV[5]
local limit, bytes = tonumber(ARGV[6]), tonumber(ARGV[7])

local function gap(why)
  return {why, stream.epoch, stream.floor, stream.head}
end

-- An epoch is the stream's incarnation, then '_' and a random number after each loss.
local ours = string.match(ARGV[3], '^[^_]*') == stream.incarnation

-- The position is none of this stream's. If it is of this incarnation, then the server has lost
-- entries, and the epoch ends; of those who find out at the same time, the first one ends it.
local function mismatch()
  if ARGV[3] == stream.epoch then
    stream.epoch = stream.incarnation .. '_' .. ARGV[1]
    redis.call('HSET', meta, 'epoch', stream.epoch)
  end
  return gap(ours and ROLLED_BACK or EPOCH)
end

if ARGV[3] == '' then
  after = floor
elseif after < floor then
  return gap(ours and TRIMMED or EPOCH)
elseif after == floor then
  if id ~= stream.floor then
    return mismatch()
  end
elseif after >= head then
  if id ~= stream.head then
    return mismatch()
  end
elseif not redis.call('XRANGE', entries, id, id)[1] then
  return mismatch()
end

local found = {ENTRIES, stream.epoch, stream.head, stream.max}
local from = text(after + 1) .. '-0'
local count = 4 -- of unknown size; then as many as there is room for
while limit > 0 and bytes > 0 do
  count = math.min(count, limit)
  local some = redis.call('XRANGE', entries, from, '+', 'COUNT', count)
  local size = 0
  for i = 1, #some do
    local entry = some[i]
    local fields = entry[2]
    local data = fields[4]
    local last = #found
    found[last + 1], found[last + 2], found[last + 3] = entry[1], fields[2], data
    size = size + #data
  end
  if #some < count then
    break
  end
  limit, bytes = limit - #some, bytes - size
  from = '(' .. some[#some][1]
  count = math.max(1, math.min(1024, math.floor(bytes / (size / #some + 1))))
end
if after < head and (not found[5] or offset_of(found[5]) ~= after + 1) then
  -- The entries were evicted, or deleted by hand: what is left begins after the head.
  stream.floor, stream.epoch = stream.head, stream.incarnation .. '_' .. ARGV[1]
  redis.call('HSET', meta, 'epoch', stream.epoch, 'floor', stream.floor)
  redis.call('DEL', entries)
  return gap(ROLLED_BACK)
end
return found
