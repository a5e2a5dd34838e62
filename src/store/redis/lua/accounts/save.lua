-- Creates or replaces an account.
-- KEYS[1] all accounts
-- ARGV[1] id of the account
-- ARGV[2] sealed address
-- ARGV[3] token hash
-- ARGV[4] created, Unix ms
-- Returns nothing

redis.call('HSET', KEYS[1], ARGV[1], cmsgpack.pack(ARGV[2], ARGV[3], tonumber(ARGV[4])))
