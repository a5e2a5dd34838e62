-- Reads a recent list.
-- KEYS[1] the list
-- ARGV[1] horizon, Unix ms
-- Returns sealed receipt key, created, sealed receipt key, created, ... newest first

return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', ARGV[1], 'WITHSCORES')
