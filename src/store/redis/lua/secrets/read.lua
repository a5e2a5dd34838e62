-- Reads both records of a secret as they are stored.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- Returns { { state, created, updated, ttl, protected, sealed details }, { sealed secret, id of its root key,
-- protected } }, without the second list if the secret is no longer available; nil if there is no receipt

local secret, receipt = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
if not receipt then return nil end
if not secret then return { { cmsgpack.unpack(receipt) } } end
return { { cmsgpack.unpack(receipt) }, { cmsgpack.unpack(secret) } }
