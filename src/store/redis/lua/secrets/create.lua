-- Stores both records of a secret, each with its own expiry.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- ARGV[1] the secret as packSecret in secrets.ts packs it, empty if it is no longer available
-- ARGV[2] the receipt as packReceipt packs it
-- ARGV[3] milliseconds to keep the secret
-- ARGV[4] milliseconds to keep the receipt
-- Returns nothing

if ARGV[1] ~= '' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3]) end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[4])
