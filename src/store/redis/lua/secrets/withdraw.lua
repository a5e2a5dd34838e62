-- Removes both records of a secret.
-- KEYS[1] the secret
-- KEYS[2] its receipt
-- KEYS[3], KEYS[4] attempts of all client networks to reveal and to burn it
-- Returns nothing

redis.call('DEL', unpack(KEYS))
