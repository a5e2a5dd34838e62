-- Tells whether an unread secret waits, and changes nothing.
-- KEYS[1] the secret
-- KEYS[2] its metadata
-- ARGV[1] now, Unix ms
-- Returns 1 if it needs a passphrase, 0 if it does not, nil if there is none

local secret, metadata = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
if not secret or not metadata then return nil end

local _, created, _, ttl = cmsgpack.unpack(metadata)
if not (tonumber(ARGV[1]) < created + ttl * 1000) then return nil end

local _, _, protected = cmsgpack.unpack(secret)
return protected
