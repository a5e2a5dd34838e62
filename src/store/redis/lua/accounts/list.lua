-- Reads every account.
-- KEYS[1] all accounts
-- Returns a list of { sealed address, token hash, created }

local accounts = {}
for i, packed in ipairs(redis.call('HVALS', KEYS[1])) do
  accounts[i] = { cmsgpack.unpack(packed) }
end
return accounts
