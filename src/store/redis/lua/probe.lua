-- Writes a key, to check whether the server accepts writes.
-- KEYS[1] any key of ours
-- ARGV[1] milliseconds to keep the key
-- Returns nothing

redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
