-- Reads an account.
-- KEYS[1] all accounts
-- ARGV[1] id of the account
-- Returns { sealed address, token hash, created, sealed name if it has one }, nil if it does not exist

local packed = redis.call('HGET', KEYS[1], ARGV[1])
if not packed then return nil end
return { cmsgpack.unpack(packed) }
