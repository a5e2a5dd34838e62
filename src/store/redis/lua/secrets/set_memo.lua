-- Replaces or removes the memo of a receipt. Mirrors memoStep in secrets/store-steps.ts.
-- KEYS[1] the receipt
-- ARGV[1] now, Unix ms
-- ARGV[2] sealed memo, empty to remove it
-- ARGV[3] ms to keep the receipt longer than it is valid
-- Returns 1 if the receipt exists, else 0

local now = tonumber(ARGV[1])
local packed = redis.call('GET', KEYS[1])
if not packed then return 0 end

local receipt = { cmsgpack.unpack(packed) }
local expiry = receipt[2] + receipt[4] * 2000
if not (now < expiry) then return 0 end

receipt[8] = nil
-- Deletes first: a full server rejects SET as the first write of a script, but a memo must be removable then, too.
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else receipt[8] = ARGV[2] end
local kept = math.ceil(expiry - now) + tonumber(ARGV[3])
redis.call('SET', KEYS[1], cmsgpack.pack(unpack(receipt, 1, 8)), 'PX', kept)
return 1
