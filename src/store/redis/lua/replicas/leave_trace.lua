-- Begins each script that replicas must confirm. Such a script calls it when it finds what it would have done already done, by a
-- change that no replica may have. WAIT asks the replicas for what its connection has written; since Redis 7.2, and in Valkey, no
-- longer for what it has seen: so there must be something to wait for.
-- key is absent, or is a hash without the field. So it is afterwards.
local function leave_trace(key, field)
  -- Deletes first: a full server rejects SET and HSET as the first write of a script.
  if field then
    redis.call('HDEL', key, field)
    redis.call('HSET', key, field, '')
    redis.call('HDEL', key, field)
  else
    redis.call('DEL', key)
    redis.call('SET', key, '')
    redis.call('DEL', key)
  end
end

