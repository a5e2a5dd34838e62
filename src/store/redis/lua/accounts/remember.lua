-- Adds an entry to a recent list and drops those that are too old or beyond the maximum.
-- KEYS[1] the list
-- ARGV[1] sealed receipt key
-- ARGV[2] created, Unix ms
-- ARGV[3] horizon, Unix ms
-- ARGV[4] maximum number of entries
-- ARGV[5] milliseconds to keep the list
-- Returns nothing

redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[3])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
