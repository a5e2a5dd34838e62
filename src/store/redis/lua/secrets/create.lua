-- Stores both records of a secret, each with its own expiry.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- ARGV[1] sealed secret, empty if it is no longer available
-- ARGV[2] id of its root key
-- ARGV[3] 1 if it has a passphrase, else 0
-- ARGV[4] milliseconds to keep the secret
-- ARGV[5] state
-- ARGV[6] created, Unix ms
-- ARGV[7] updated, Unix ms
-- ARGV[8] ttl of the secret, s
-- ARGV[9] 1 if it has a passphrase, else 0
-- ARGV[10] milliseconds to keep the receipt
-- ARGV[11] sealed details, empty if it has none
-- ARGV[12] 1 if the secret was generated, else 0
-- ARGV[13] sealed memo, empty if it has none
-- ARGV[14] sealed email address of its sender, empty if the recipient is not told
-- Returns nothing

local secret = { ARGV[1], ARGV[2], tonumber(ARGV[3]) }
if ARGV[14] ~= '' then secret[4] = ARGV[14] end
local receipt = { ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]) }
-- What is absent is nil in between and missing at the end: 0.1.0 reads the first six fields.
local fields = 5
if ARGV[11] ~= '' then receipt[6], fields = ARGV[11], 6 end
if ARGV[12] == '1' then receipt[7], fields = 1, 7 end
if ARGV[13] ~= '' then receipt[8], fields = ARGV[13], 8 end

if ARGV[1] ~= '' then redis.call('SET', KEYS[1], cmsgpack.pack(unpack(secret)), 'PX', ARGV[4]) end
redis.call('SET', KEYS[2], cmsgpack.pack(unpack(receipt, 1, fields)), 'PX', ARGV[10])
