-- Stores an alias record, unless there is one that has not expired.
-- KEYS[1] the alias record
-- ARGV[1] salt and envelope
-- ARGV[2] expiry, Unix ms
-- ARGV[3] now, Unix ms
-- ARGV[4] milliseconds to keep it
-- Returns 1 if it was stored, else 0

local packed = redis.call('GET', KEYS[1])
if packed then
  local _, expires = cmsgpack.unpack(packed)
  if tonumber(ARGV[3]) < expires then return 0 end
end
redis.call('SET', KEYS[1], cmsgpack.pack(ARGV[1], tonumber(ARGV[2])), 'PX', ARGV[4])
return 1
