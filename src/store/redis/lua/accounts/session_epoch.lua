-- Reads the epoch of an account's sessions.
-- KEYS[1] the epoch
-- Returns it as a string, nil if there is none

return redis.call('GET', KEYS[1])
