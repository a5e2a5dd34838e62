-- Removes an account.
-- KEYS[1] all accounts
-- ARGV[1] id of the account
-- Returns 1 if it existed, else 0

return redis.call('HDEL', KEYS[1], ARGV[1])
