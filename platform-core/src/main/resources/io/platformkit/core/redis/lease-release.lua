-- The token stays, so that the next one is larger.
if is_held() then
  redis.call('HSET', KEYS[1], 'until', '0')
end
