-- Reads both records of a secret as they are stored.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- Returns { { state, created, updated, ttl, protected, sealed details, 1 if generated, sealed memo }, { sealed secret, id of
-- its root key, protected, sealed email address of its sender if the recipient is told } }, without the second list if the
-- secret is no longer available; nil if there is no receipt

local secret, receipt = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
if not receipt then return nil end
local fields = { cmsgpack.unpack(receipt) }
-- A nil would end the list.
for i = 6, 8 do fields[i] = fields[i] or false end
if not secret then return { fields } end
return { fields, { cmsgpack.unpack(secret) } }
