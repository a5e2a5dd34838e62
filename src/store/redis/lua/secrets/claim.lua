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
-- ARGV[8] ms between attempts of networks that have not tried yet, once KEYS[4] is full
-- ARGV[9] ms to keep KEYS[4] longer than the secret
-- Returns one of
--   { 'claimed', sealed secret, created, ttl, sealed details, 1 if generated, sealed memo }, without the last three if there is
--     none of them
--   { 'protected', attempts left for this network, milliseconds until its next one if none is left, else 0, sealed secret,
--     state, created, updated, ttl, 1 if it has a passphrase, sealed details, 1 if generated, sealed memo }
--   { 'locked', milliseconds until the next attempt is accepted }
--   { 'passphrase_required' }, { 'unreadable', id of its root key }, { 'gone' }

local now = tonumber(ARGV[1])
local secret, receipt = unpack(redis.call('MGET', KEYS[1], KEYS[2]))
if not secret or not receipt then
  leave_trace(secret and KEYS[2] or KEYS[1])
  return { 'gone' }
end

local sealed, root, protected = cmsgpack.unpack(secret)
-- What follows the first five fields begins at `rest`, if anything does.
local rest, state, created, updated, ttl, flag = cmsgpack.unpack_limit(receipt, 5, 0)
local extras = {}
if rest > 0 then
  local _, details, generated, memo = cmsgpack.unpack_limit(receipt, 3, rest)
  -- A nil would end the reply.
  extras = { details or false, generated or false, memo or false }
end
-- Written this way, a damaged ttl (NaN) counts as expired.
if not (now < created + ttl * 1000) then return { 'gone' } end
if not ARGV[3]:find(',' .. root .. ',', 1, true) then return { 'unreadable', root } end

if protected == 0 then
  local claimed = cmsgpack.pack(ARGV[2], created, now, ttl, flag)
  if rest > 0 then claimed = claimed .. receipt:sub(rest + 1) end
  -- Deletes first: a full server rejects SET as the first write of a script, and could not reveal any secret.
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[2], claimed, 'KEEPTTL')
  return { 'claimed', sealed, created, ttl, unpack(extras) }
end

if #KEYS == 2 then return { 'passphrase_required' } end

-- Mirrors countAttempt in secrets/attempts.ts. Counters that 0.1.0 wrote have two fields.
local limit, window = tonumber(ARGV[4]), tonumber(ARGV[5])
local all_limit, all_window = tonumber(ARGV[6]), tonumber(ARGV[7])

local all_since, all_count, newcomers_from, total, round = now, 0, now, 0, 0
local counter = redis.call('GET', KEYS[4])
if counter then
  local first, counted, from, sum, number = cmsgpack.unpack(counter)
  total, round = sum or counted, number or 0
  if now < first + all_window then
    all_since, all_count = first, counted
    if counted > 0 then newcomers_from = from or now end
  end
end

local since, count = now, 0
counter = redis.call('GET', KEYS[3])
if counter then
  local first, counted, number = cmsgpack.unpack(counter)
  if (number or 0) == round and now < first + window then since, count = first, counted end
end

local rest, all_rest = since + window - now, all_since + all_window - now
local wait = 0
if count >= limit then wait = rest end
if all_count >= all_limit then
  if count > 0 then
    wait = math.max(wait, all_rest)
  else
    wait = math.max(wait, math.min(newcomers_from - now, all_rest))
  end
  newcomers_from = now + tonumber(ARGV[8])
end
if wait > 0 then return { 'locked', wait } end

local left = math.max(0, math.min(all_limit - all_count, limit - count) - 1)
local pause = 0
if count + 1 >= limit then pause = rest end
if all_count + 1 >= all_limit then pause = math.max(pause, all_rest) end
local all_until = math.max(all_since + all_window, created + ttl * 1000 + tonumber(ARGV[9]))
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('SET', KEYS[3], cmsgpack.pack(since, count + 1, round), 'PX', rest)
local all = cmsgpack.pack(all_since, all_count + 1, newcomers_from, total + 1, round, all_until)
redis.call('SET', KEYS[4], all, 'PX', all_until - now)
return { 'protected', left, pause, sealed, state, created, updated, ttl, flag, unpack(extras) }
