-- Makes a root key the newest, unless the newest so far is not in the ring. Mirrors withNewest in store/roots.ts.
-- KEYS[1] all root keys: by id, a number that is greater for a newer one, and the check value
-- ARGV[1] id of the root key
-- ARGV[2] its check value
-- ARGV[3] ids of the root keys in the ring, each between commas
-- Returns 1 if it is the newest now, else 0

local newest, number = nil, 0
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  local own = cmsgpack.unpack(flat[i + 1])
  if own > number then newest, number = flat[i], own end
end
if newest and not ARGV[3]:find(',' .. newest .. ',', 1, true) then return 0 end
if newest == ARGV[1] then
  leave_trace(KEYS[1], '')
else
  redis.call('HSET', KEYS[1], ARGV[1], cmsgpack.pack(number + 1, ARGV[2]))
end
return 1
