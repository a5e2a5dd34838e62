import { createSecrets } from '../closed-loop.ts'
import type { Figure } from '../figure.ts'

const SECRETS = 20_000

/** What an unread secret of 100 bytes and its receipt take in Redis. */
export const bytes: Figure = {
  summary: 'bytes in Redis per unread secret of 100 bytes, with its receipt',
  takes: 5,
  async measure(stage) {
    const redis = await stage.redis()
    const settings = { ROOT_KEY: stage.rootKey, REDIS_URL: redis.url }
    const server = await stage.emberlink({ settings })
    await createSecrets(server, { amount: SECRETS })
    const before = await redis.client.dbsize()
    let records = 0
    for (const pattern of ['el:s:*', 'el:m:*']) {
      const [, keys] = await redis.client.scan(0, 'MATCH', pattern, 'COUNT', 2000)
      const sizes = await Promise.all(keys.map((key) => redis.client.memory('USAGE', key, 'SAMPLES', 0)))
      records += sizes.reduce<number>((sum, size) => sum + Number(size), 0) / sizes.length
    }
    if (before < SECRETS * 2) throw new Error(`only ${before} records were stored`)
    return [
      {
        title: 'memory of Redis (MEMORY USAGE)',
        samples: { 'one secret': [{ bytes: records }] },
        goals: [{ metric: 'bytes', of: 'one secret', bound: { atMost: 350 } }],
      },
    ]
  },
}
