-- Counts a request, unless its bucket is full, and takes a step for it. Mirrors countRequest in limits/rates.ts.
-- KEYS[last] the bucket
-- ARGV[last] packed: now, Unix ms; limit; window, ms; how many requests it counts as; ms to keep the bucket longer than its window
-- step, a function that is defined above, gets all other keys and arguments
-- Returns what step returns, or { 'rate_limited', milliseconds to wait }

local bucket = table.remove(KEYS)
local now, limit, window, requests, grace = cmsgpack.unpack(table.remove(ARGV))

local since, count = now, 0
local packed = redis.call('GET', bucket)
if packed then
  local first, counted = cmsgpack.unpack(packed)
  if now < first + window then since, count = first, counted end
end

local rest = since + window - now
if count + requests > limit then return { 'rate_limited', rest } end

-- Before any write of ours, so that a full server still rejects what stores a secret.
local reply = step()
local value = cmsgpack.pack(since, count + requests)
local written
-- The first request of a window sets the expiry, with grace for servers whose clocks are behind.
if count > 0 then
  written = redis.pcall('SET', bucket, value, 'KEEPTTL')
else
  written = redis.pcall('SET', bucket, value, 'PX', rest + grace)
end
if written.err then
  -- A full server rejects SET as the first write of a script, but must still reveal secrets. Counters are few and short-lived.
  redis.call('DEL', bucket)
  redis.call('SET', bucket, value, 'PX', rest + grace)
end
return reply
