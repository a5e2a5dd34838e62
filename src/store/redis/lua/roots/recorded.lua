-- Reads every root key.
-- KEYS[1] all root keys
-- Returns a list of { id, a number that is greater for a newer one, check value }

local roots = {}
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  roots[#roots + 1] = { flat[i], cmsgpack.unpack(flat[i + 1]) }
end
return roots
