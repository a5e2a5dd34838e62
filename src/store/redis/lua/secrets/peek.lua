-- Checks whether a secret is available, without changing anything.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- ARGV[1] now, Unix ms
-- Returns { 1 if it has a passphrase, else 0, created, ttl, sealed email address of its sender if the recipient is told }, nil
-- if it is not available

local secret, receipt = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
if not secret or not receipt then return nil end

local _, created, _, ttl = cmsgpack.unpack(receipt)
if not (tonumber(ARGV[1]) < created + ttl * 1000) then return nil end

local _, _, protected, sender = cmsgpack.unpack(secret)
return { protected, created, ttl, sender }
