-- Counts the passphrase attempts at a secret.
-- KEYS[1] attempts of all client networks at this secret
-- Returns their number since the secret was created or they were cleared

local counter = redis.call('GET', KEYS[1])
if not counter then return 0 end
local _, count, _, total = cmsgpack.unpack(counter)
return total or count
