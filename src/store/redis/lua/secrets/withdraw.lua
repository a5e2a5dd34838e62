-- Removes both records of a secret.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- Returns nothing

redis.call('DEL', KEYS[1], KEYS[2])
