-- Removes an account.
-- KEYS[1] all accounts
-- ARGV[1] id of the account
-- Returns 1 if it existed, else 0

local removed = redis.call('HDEL', KEYS[1], ARGV[1])
if removed == 0 then leave_trace(KEYS[1], ARGV[1]) end
return removed
