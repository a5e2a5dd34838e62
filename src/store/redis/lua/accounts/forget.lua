-- Removes a recent list.
-- KEYS[1] the list
-- Returns nothing

redis.call('DEL', KEYS[1])
