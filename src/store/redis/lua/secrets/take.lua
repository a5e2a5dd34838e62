-- Claims a protected secret after its passphrase was verified. Mirrors takeStep in secrets/store-steps.ts.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- KEYS[3], KEYS[4] attempts of all client networks to reveal and to burn it
-- ARGV[1] now, Unix ms
-- ARGV[2] outcome: received or burned
-- Returns 1 if this call claimed it, else 0

local now = tonumber(ARGV[1])
local receipt = redis.call('GET', KEYS[2])
if not receipt or redis.call('EXISTS', KEYS[1]) == 0 then
  leave_trace(receipt and KEYS[1] or KEYS[2])
  return 0
end

local _, created, _, ttl = cmsgpack.unpack(receipt)
if not (now < created + ttl * 1000) then return 0 end

-- Deletes first, as in claim.lua.
redis.call('DEL', KEYS[1], KEYS[3], KEYS[4])
local taken = { cmsgpack.unpack(receipt) }
taken[1], taken[3] = ARGV[2], now
redis.call('SET', KEYS[2], cmsgpack.pack(unpack(taken, 1, select('#', cmsgpack.unpack(receipt)))), 'KEEPTTL')
return 1
