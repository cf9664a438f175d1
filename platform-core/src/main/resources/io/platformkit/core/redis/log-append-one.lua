-- Comes before log-append.lua, which says what is what: one entry, with nothing to find out before,
-- on a stream that is there. Most appends are that, and all that follows costs them a tenth. The bell
-- brings a small entry along, as '<stream> NUL <epoch> <id before> <id> <time> NUL <data>'.
local SMALL = 512
if #ARGV == 8 and ARGV[4] == '0' and ARGV[5] == '' and not KEYS[3] then
  local found = redis.call('HMGET', KEYS[2], 'epoch', 'head', 'max')
  if found[1] then
    local offset = string.match(found[2], '^%d+') + 1
    local id = string.format('%.0f-%s', offset, ARGV[7])
    local time = redis.call('TIME')
    local millis = time[1] .. string.format('%03d', time[2] / 1000)
    redis.call('XADD', KEYS[1], id, 't', millis, 'd', ARGV[8])
    redis.call('HSET', KEYS[2], 'head', id)
    if #ARGV[8] > tonumber(found[3]) then
      redis.call('HSET', KEYS[2], 'max', #ARGV[8])
    end
    if ARGV[3] ~= '0' then
      redis.call('PEXPIRE', KEYS[1], ARGV[3])
      redis.call('PEXPIRE', KEYS[2], ARGV[3])
    end
    local said = ARGV[2]
    if #ARGV[8] <= SMALL then
      said = table.concat({said, '\0', found[1], ' ', found[2], ' ', id, ' ', millis, '\0', ARGV[8]})
    end
    redis.call('PUBLISH', ARGV[1], said)
    return {0, found[1], offset}
  end
end

