-- Brings a receipt up to date with the clock and returns it. Mirrors settleStep in secrets/store-steps.ts.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- ARGV[1] now, Unix ms
-- ARGV[2] viewer: sender or observer; a sender turns new into viewed
-- Returns { state, created, updated, ttl, protected, sealed details, 1 if generated, sealed memo }, still new at the sender's
-- first view; nil if it does not exist

local now = tonumber(ARGV[1])
local packed = redis.call('GET', KEYS[2])
if not packed then return nil end

local state, created, updated, ttl, protected, details, generated, memo = cmsgpack.unpack(packed)
local age = now - created
if not (age < ttl * 2000) then return nil end

-- A nil would end the reply.
local function reply(current, since)
  return { current, created, since, ttl, protected, details or false, generated or false, memo or false }
end

-- A server that is full or misses replicas rejects the write. The receipt can be read all the same, and is written at a later
-- view.
local function write(...)
  local result = redis.pcall(...)
  local err = type(result) == 'table' and result.err
  if not err or err:find('NOREPLICAS', 1, true) or err:find('OOM', 1, true) then return end
  redis.call(...)
end

local function move(to)
  local moved = { cmsgpack.unpack(packed) }
  moved[1], moved[3] = to, now
  write('SET', KEYS[2], cmsgpack.pack(unpack(moved, 1, select('#', cmsgpack.unpack(packed)))), 'KEEPTTL')
  return reply(to, now)
end

if state == 'new' or state == 'viewed' then
  if age >= ttl * 1000 then
    write('DEL', KEYS[1])
    return move('expired')
  end
  if redis.call('EXISTS', KEYS[1]) == 0 then return move('orphaned') end
  if state == 'new' and ARGV[2] == 'sender' then move('viewed') end
end
return reply(state, updated)
