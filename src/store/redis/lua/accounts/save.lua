-- Stores an account, if its condition holds.
-- KEYS[1] all accounts
-- ARGV[1] id of the account
-- ARGV[2] sealed address
-- ARGV[3] token hash
-- ARGV[4] created, Unix ms
-- ARGV[5] when: absent, present or either
-- ARGV[6] sealed name that it had on another server, empty for none
-- ARGV[7], ... ids under which it may already be; all but its own are removed
-- Returns 1 if it was stored, else 0

local found = false
for i = 7, #ARGV do
  found = found or redis.call('HGET', KEYS[1], ARGV[i]) ~= false
end
if ARGV[5] == 'absent' and found or ARGV[5] == 'present' and not found then return 0 end

-- A full server rejects HSET as the first write of a script. A token must be replaceable then too; a new account is
-- rejected.
if found then redis.call('HDEL', KEYS[1], unpack(ARGV, 7)) end
local record = { ARGV[2], ARGV[3], tonumber(ARGV[4]) }
if ARGV[6] ~= '' then record[4] = ARGV[6] end
redis.call('HSET', KEYS[1], ARGV[1], cmsgpack.pack(unpack(record)))
return 1
