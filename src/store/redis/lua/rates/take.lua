-- Counts one request, unless its bucket is full. Mirrors countRequest in limits/rates.ts.
-- KEYS[1] the bucket
-- ARGV[1] now, Unix ms
-- ARGV[2] limit
-- ARGV[3] window, ms
-- Returns milliseconds to wait, 0 if the request was counted

local now, limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local since, count = now, 0
local packed = redis.call('GET', KEYS[1])
if packed then
  local first, counted = cmsgpack.unpack(packed)
  if now < first + window then since, count = first, counted end
end

local rest = since + window - now
if count >= limit then return rest end

-- Deletes first: a full server rejects SET as the first write of a script, but must still reveal secrets. Counters are few
-- and short-lived.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], cmsgpack.pack(since, count + 1), 'PX', rest)
return 0
