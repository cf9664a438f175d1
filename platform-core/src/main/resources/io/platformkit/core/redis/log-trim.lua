-- KEYS: entries, what is known. ARGV: how many entries stay, or ''; how old they may be in ms, or ''.
local stream = known()
if not stream then
  return
end
local floor, head = offset_of(stream.floor), offset_of(stream.head)
local last = floor -- to go

local function entry_at(offset)
  return redis.call('XRANGE', entries, text(offset), text(offset), 'COUNT', 1)[1]
end

if ARGV[1] ~= '' then
  last = math.max(last, head - tonumber(ARGV[1]))
end
if ARGV[2] ~= '' then
  local since = now() - tonumber(ARGV[2])
  local stays = head + 1
  while stays - last > 1 do
    local middle = math.floor((last + stays) / 2)
    if tonumber(entry_at(middle)[2][2]) < since then
      last = middle
    else
      stays = middle
    end
  end
end
if last > floor then
  redis.call('HSET', meta, 'floor', entry_at(last)[1])
  redis.call('XTRIM', entries, 'MINID', text(last + 1))
end
