-- Reads an alias record.
-- KEYS[1] the alias record
-- Returns { salt and envelope, expiry in Unix ms }, nil if there is none

local packed = redis.call('GET', KEYS[1])
if not packed then return nil end
return { cmsgpack.unpack(packed) }
