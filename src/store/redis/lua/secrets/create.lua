-- Stores both records of a secret, each with its own expiry.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- ARGV[1] sealed secret, empty if it is no longer available
-- ARGV[2] id of its root key
-- ARGV[3] 1 if it has a passphrase, else 0
-- ARGV[4] milliseconds to keep the secret; its receipt is kept longer by its ttl
-- ARGV[5] state
-- ARGV[6] created, Unix ms
-- ARGV[7] updated, Unix ms
-- ARGV[8] ttl of the secret, s
-- ARGV[9] sealed details, empty if it has none
-- ARGV[10] 1 if the secret was generated, else 0
-- ARGV[11] sealed memo, empty if it has none
-- ARGV[12] sealed email address of its sender, empty if the recipient is not told
-- The last four are left out if there is none of them.
-- Returns nothing

local protected, keep, ttl = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[8])
local secret = { ARGV[1], ARGV[2], protected }
local receipt = { ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), ttl, protected }
-- What is absent is nil in between and missing at the end: 0.1.0 reads the first six fields.
local fields = 5
if #ARGV == 12 then
  if ARGV[12] ~= '' then secret[4] = ARGV[12] end
  if ARGV[9] ~= '' then receipt[6], fields = ARGV[9], 6 end
  if ARGV[10] == '1' then receipt[7], fields = 1, 7 end
  if ARGV[11] ~= '' then receipt[8], fields = ARGV[11], 8 end
end

if ARGV[1] ~= '' then redis.call('SET', KEYS[1], cmsgpack.pack(unpack(secret)), 'PX', keep) end
redis.call('SET', KEYS[2], cmsgpack.pack(unpack(receipt, 1, fields)), 'PX', keep + ttl * 1000)
