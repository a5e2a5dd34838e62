-- Writes something, to find out whether the server accepts it.
-- KEYS[1] any key of ours
-- ARGV[1] milliseconds to keep it
-- Returns nothing

redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
