import { Redis } from 'ioredis'
import { RECEIPT, type Steps } from './steps.ts'

const COUNT = `
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], 1200000) end
if n > 900000000 then return false end
`
const CREATE = `${COUNT}
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[2] * 2)
return 1
`
const CLAIM = `${COUNT}
local secret, receipt = unpack(redis.call('MGET', KEYS[2], KEYS[3]))
if not secret or not receipt then return false end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[3], ARGV[1], 'KEEPTTL')
return secret
`

type Command = (...args: (string | number | Buffer)[]) => Promise<Buffer | null>

/** Creates the steps in Redis: one Lua script each. */
export function redisSteps(url: string): Steps {
  const redis = new Redis(url, { enableAutoPipelining: true })
  redis.defineCommand('benchCreate', { numberOfKeys: 3, lua: CREATE })
  redis.defineCommand('benchClaim', { numberOfKeys: 3, lua: CLAIM })
  const { benchCreate, benchClaimBuffer } = redis as unknown as Record<
    'benchCreate' | 'benchClaimBuffer',
    Command
  >
  return {
    create: (id, sealed, keepMs) =>
      benchCreate.call(redis, 'bench:count', `bench:s:${id}`, `bench:m:${id}`, sealed, keepMs, RECEIPT),
    async claim(id) {
      const sealed = await benchClaimBuffer.call(
        redis,
        'bench:count',
        `bench:s:${id}`,
        `bench:m:${id}`,
        RECEIPT,
      )
      if (sealed === null) throw new Error('unknown secret')
      return sealed
    },
  }
}
