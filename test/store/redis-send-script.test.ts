import { Command } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { ScriptCall } from '../../src/store/redis/send-script.ts'
import { newPair, START } from '../contract/samples.ts'
import { startRedis } from '../support/redis.ts'

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

describe('a call of a script', () => {
  it.each([
    ['text alone', ['5ba', 1, 'key', 1_795_000_000_000, '']],
    ['one buffer', ['5ba', 1, 'key', EVERY_BYTE]],
    ['everything', [EVERY_BYTE, Buffer.alloc(0), 'ü€😀', EVERY_BYTE, -1.5, '']],
  ])('is encoded as ioredis encodes it: %s', (_name, args) => {
    const bytesOf = (command: Command) => Buffer.from(command.toWritable({}))
    expect(bytesOf(new ScriptCall('evalsha', args))).toEqual(bytesOf(new Command('evalsha', args)))
  })

  it('leaves in one write with all others of the same turn', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const store = await openRedisStore(redis.url)
    onTestFinished(() => store.close())
    const reads = async () =>
      Number(/^total_reads_processed:(\d+)/m.exec(await redis.client.info('stats'))?.[1])
    const create = () => store.secrets.create(newPair(), START)
    await create()
    const before = await reads()
    await Promise.all(Array.from({ length: 40 }, create))
    // The second INFO is one of them.
    expect((await reads()) - before).toBeLessThanOrEqual(3)
  })
})
