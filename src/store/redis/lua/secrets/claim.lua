-- Claims an unprotected secret, or counts a passphrase attempt and returns the protected secret for it. Mirrors claimStep in
-- secrets/store-steps.ts.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- KEYS[3] attempts of this client network at this secret, only with an attempt
-- KEYS[4] attempts of all client networks at this secret, only with an attempt
-- ARGV[1] now, Unix ms
-- ARGV[2] outcome: received or burned
-- ARGV[3] ids of the root keys in the ring, each between commas
-- ARGV[4], ARGV[5] limit and window (ms) of KEYS[3]
-- ARGV[6], ARGV[7] limit and window (ms) of KEYS[4]
-- Returns one of
--   { 'claimed', sealed secret, state, created, updated, ttl, protected, sealed details }
--   { 'protected', attempts left for this network, sealed secret, state, and so on as above }
--   { 'locked', milliseconds until the next attempt is accepted }
--   { 'passphrase_required' }, { 'unreadable' }, { 'gone' }

local now = tonumber(ARGV[1])
local secret, receipt = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
if not secret or not receipt then return { 'gone' } end

local sealed, root, protected = cmsgpack.unpack(secret)
local state, created, updated, ttl, flag, details = cmsgpack.unpack(receipt)
-- Written this way, a damaged ttl (NaN) counts as expired.
if not (now < created + ttl * 1000) then return { 'gone' } end
if not ARGV[3]:find(',' .. root .. ',', 1, true) then return { 'unreadable' } end

if protected == 0 then
  local claimed = { ARGV[2], created, now, ttl, flag, details }
  -- Deletes first: a full server rejects SET as the first write of a script, and could not reveal any secret.
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[2], cmsgpack.pack(unpack(claimed)), 'KEEPTTL')
  return { 'claimed', sealed, unpack(claimed) }
end

if #KEYS == 2 then return { 'passphrase_required' } end

local counters, wait, left = {}, 0, math.huge
for i = 3, 4 do
  local limit, window = tonumber(ARGV[i * 2 - 2]), tonumber(ARGV[i * 2 - 1])
  local since, count = now, 0
  local counter = redis.call('GET', KEYS[i])
  if counter then
    local first, counted = cmsgpack.unpack(counter)
    if now < first + window then since, count = first, counted end
  end
  local rest = since + window - now
  if count >= limit then wait = math.max(wait, rest) end
  left = math.min(left, limit - count - 1)
  counters[KEYS[i]] = { cmsgpack.pack(since, count + 1), rest }
end
if wait > 0 then return { 'locked', wait } end

for key, counter in pairs(counters) do
  redis.call('DEL', key)
  redis.call('SET', key, counter[1], 'PX', counter[2])
end
return { 'protected', left, sealed, state, created, updated, ttl, flag, details }
