-- Writes something, to see whether it is taken.
-- KEYS[1] where
-- ARGV[1] milliseconds to keep it
-- Returns nothing

redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
