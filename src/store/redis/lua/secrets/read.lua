-- Reads both halves of a secret, as they are stored.
-- KEYS[1] the secret
-- KEYS[2] its metadata
-- Returns { { state, created, updated, ttl, protected, sealed details }, { sealed message, id of its root key,
-- protected } }, without the second list if the message is gone; nil if there is no metadata

local secret, metadata = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
if not metadata then return nil end
if not secret then return { { cmsgpack.unpack(metadata) } } end
return { { cmsgpack.unpack(metadata) }, { cmsgpack.unpack(secret) } }
