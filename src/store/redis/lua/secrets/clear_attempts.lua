-- Clears the passphrase attempts at a secret. Starting a new round invalidates the counters of client networks, whose keys
-- are unknown here.
-- KEYS[1] attempts of all client networks at this secret
-- ARGV[1] now, Unix ms
-- Returns nothing

local counter = redis.call('GET', KEYS[1])
if not counter then return end
local _, _, _, _, round, kept_until = cmsgpack.unpack(counter)
redis.call('DEL', KEYS[1])
-- A counter of 0.1.0 has no such field, and soon expires.
if not kept_until then return end
local now = tonumber(ARGV[1])
local cleared = cmsgpack.pack(now, 0, 0, 0, round + 1, kept_until)
redis.call('SET', KEYS[1], cleared, 'PX', math.max(1, kept_until - now))
