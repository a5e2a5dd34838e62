-- Raises the epoch of an account's sessions, in any case above its last value.
-- KEYS[1] the epoch
-- ARGV[1] the new epoch, Unix ms
-- ARGV[2] seconds to keep it
-- Returns the new epoch

local last = tonumber(redis.call('GET', KEYS[1]) or 0)
local epoch = math.max(tonumber(ARGV[1]), last + 1)
-- A full server rejects SET as the first write of a script. Sessions must end then too.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], string.format('%.0f', epoch), 'EX', ARGV[2])
return epoch
