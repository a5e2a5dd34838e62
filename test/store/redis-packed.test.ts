import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Field, Packed } from '../../src/store/redis/packed.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis()
})

afterAll(() => redis.stop())

/** Returns what Lua packs from the same fields. */
async function packedByLua(fields: readonly Field[]): Promise<Buffer> {
  const literals = fields.map((field, index) => {
    if (field === undefined) return 'nil'
    return typeof field === 'number' ? `tonumber(ARGV[${index + 1}])` : `ARGV[${index + 1}]`
  })
  const args = fields.map((field) => field ?? '')
  return redis.client.callBuffer('eval', `return cmsgpack.pack(${literals})`, 0, ...args) as Promise<Buffer>
}

describe('Packed.of', () => {
  it.each<[string, Field[]]>([
    [
      'numbers',
      [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 1_795_000_000_000, 2 ** 53 - 1],
    ],
    ['short strings', ['', 'new', 'x'.repeat(31), 'x'.repeat(32)]],
    ['long strings', ['x'.repeat(255), 'x'.repeat(256), 'x'.repeat(65_535), 'x'.repeat(65_536)]],
    ['strings beyond ASCII', ['ü€😀']],
    ['every byte', [EVERY_BYTE, Buffer.alloc(0)]],
    ['absent fields between others', [undefined, 1, undefined, undefined, 'x']],
  ])('packs %s as Lua does', async (_name, fields) => {
    expect(Buffer.from(Packed.of(...fields).bytes, 'latin1')).toEqual(await packedByLua(fields))
  })

  it('leaves out absent fields at the end', () => {
    expect(Packed.of('x', undefined, undefined).bytes).toBe(Packed.of('x').bytes)
  })

  it.each([-1, 1.5, 0.1, 2 ** 53])('packs %d so that Lua reads the same number', async (number) => {
    const script = `return string.format('%.17g', cmsgpack.unpack(ARGV[1]))`
    const packed = Buffer.from(Packed.of(number).bytes, 'latin1')
    expect(Number(await redis.client.eval(script, 0, packed))).toBe(number)
  })
})
