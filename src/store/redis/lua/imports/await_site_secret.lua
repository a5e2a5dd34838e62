-- Raises the time until which secrets wait for a site secret.
-- KEYS[1] the time
-- ARGV[1] the new time, Unix ms
-- ARGV[2] milliseconds to keep it
-- Returns nothing

if tonumber(redis.call('GET', KEYS[1]) or 0) < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
