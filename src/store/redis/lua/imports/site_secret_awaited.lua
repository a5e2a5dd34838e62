-- Reads the time until which secrets wait for a site secret.
-- KEYS[1] the time
-- Returns it as a string, nil if there is none

return redis.call('GET', KEYS[1])
