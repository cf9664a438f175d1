-- KEYS: entries, what is known; what remembers the key of a keyed append; if it is to look back, what
-- remembers that the stream was deleted.
-- ARGV: doorbell, stream, idle time in ms or 0, how far to look back in ms or 0, the head that is
-- asked for or '', how long to remember the key in ms; then mark and data of each entry.
-- Returns 0, epoch, first offset: appended. 1, epoch, id: the key is known. 2, epoch, head: another
-- head. 3: an earlier sending may have been done and trimmed or deleted.
local APPENDED, DUPLICATE, MOVED, UNKNOWN = 0, 1, 2, 3
local FIRST = 7
local LEAST_LOOK_BACK = 128

-- The offset of the entry with the mark, among those that an earlier sending may have made; true if
-- these reach back to what was trimmed.
local function look_back(stream, mark, span)
  local since = now() - span
  local seen = 0
  local from = '+'
  repeat
    local some = redis.call('XREVRANGE', entries, from, '-', 'COUNT', 16)
    for _, entry in ipairs(some) do
      if string.match(entry[1], '%d+$') == mark then
        return offset_of(entry[1])
      end
      seen = seen + 1
      if seen > LEAST_LOOK_BACK and tonumber(entry[2][2]) < since then
        return nil
      end
      from = '(' .. entry[1]
    end
  until #some == 0
  return offset_of(stream.floor) > 0 or nil
end

local stream = open(ARGV[FIRST], ARGV[3])
if ARGV[4] ~= '0' then
  local found = look_back(stream, ARGV[FIRST], tonumber(ARGV[4]))
  if found == true or (not found and redis.call('EXISTS', KEYS[#KEYS]) == 1) then
    return {UNKNOWN}
  elseif found then
    return {APPENDED, stream.epoch, found}
  end
end
local keyed = ARGV[6] ~= '0'
if keyed then
  local before = redis.call('GET', KEYS[3])
  local incarnation, id = string.match(before or '', '^(%d+) (.*)$')
  if incarnation == stream.incarnation then
    return {DUPLICATE, stream.epoch, id}
  end
end
if ARGV[5] ~= '' and ARGV[5] ~= stream.head then
  return {MOVED, stream.epoch, stream.head}
end
local first = offset_of(stream.head) + 1
local time = text(now())
local offset, id, max = first - 1, nil, tonumber(stream.max)
for i = FIRST, #ARGV, 2 do
  offset = offset + 1
  id = text(offset) .. '-' .. ARGV[i]
  redis.call('XADD', entries, id, 't', time, 'd', ARGV[i + 1])
  if #ARGV[i + 1] > max then
    max = #ARGV[i + 1]
  end
end
redis.call('HSET', meta, 'head', id, 'max', text(max))
if keyed then
  redis.call('SET', KEYS[3], stream.incarnation .. ' ' .. id, 'PX', ARGV[6])
end
if ARGV[3] ~= '0' then
  redis.call('PEXPIRE', entries, ARGV[3])
  redis.call('PEXPIRE', meta, ARGV[3])
end
redis.call('PUBLISH', ARGV[1], ARGV[2])
return {APPENDED, stream.epoch, first}
