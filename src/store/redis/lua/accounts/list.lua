-- Reads every account.
-- KEYS[1] all accounts
-- Returns a list of { id, sealed address, token hash, created, sealed name if it has one }

local accounts = {}
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  accounts[#accounts + 1] = { flat[i], cmsgpack.unpack(flat[i + 1]) }
end
return accounts
