import { describe, expect, it } from 'vitest'
import { readContract } from './data-contract.ts'
import { unmarshal, unmarshalSlice } from './go-json.ts'
import { readBean } from './jackson.ts'
import { readSerde } from './serde.ts'

// The tests of the clients rely on these readers to fail where the clients fail.

describe('the reader of a Go struct', () => {
  it('reads zero values where a field is missing or null, and ignores unknown fields', () => {
    const struct = { ttl: 'int', recipient: '[]string', state: { state: 'string', viewed: 'bool' } } as const
    const zero = { ttl: 0, recipient: [], state: { state: '', viewed: false } }
    expect(unmarshal('{"ttl":null,"other":1}', struct)).toEqual(zero)
  })

  it.each([
    '{"ttl":"3600"}',
    '{"ttl":1.5}',
    '{"ttl":false}',
    '{"recipient":"a@b.c"}',
    '{"recipient":[1]}',
    '[]',
  ])('rejects %s', (json) => {
    expect(() => unmarshal(json, { ttl: 'int', recipient: '[]string' })).toThrow('json: cannot unmarshal')
  })

  it('reads a slice only from an array', () => {
    expect(unmarshalSlice('[{"ttl":1},{}]', { ttl: 'int' })).toEqual([{ ttl: 1 }, { ttl: 0 }])
    expect(() => unmarshalSlice('{}', { ttl: 'int' })).toThrow('json: cannot unmarshal')
  })
})

describe('the reader of a Go float64', () => {
  it('reads any number, and rejects a text', () => {
    expect(unmarshal('{"ttl":1.5}', { ttl: 'float64' })).toEqual({ ttl: 1.5 })
    expect(() => unmarshal('{"ttl":"3600"}', { ttl: 'float64' })).toThrow('json: cannot unmarshal')
  })
})

describe('the reader of a serde struct', () => {
  const struct = { key: 'String', ttl: 'Option<u64>', state: 'Option<String>', flag: 'bool = false' } as const

  it('reads what is optional, ignores unknown fields, and gives a missing bool its default', () => {
    expect(readSerde('{"key":"k","ttl":null,"other":[]}', struct)).toEqual({
      key: 'k',
      ttl: null,
      state: null,
      flag: false,
    })
    expect(readSerde('{"s":{"key":"k"}}', { s: { key: 'String' } } as const)).toEqual({ s: { key: 'k' } })
  })

  it.each([
    '{}',
    '{"key":null}',
    '{"key":1}',
    '{"key":"k","ttl":-1}',
    '{"key":"k","ttl":1.5}',
    '{"key":"k","ttl":"60"}',
    '{"key":"k","flag":null}',
    '{"key":"k","flag":"true"}',
    '[]',
  ])('rejects %s', (json) => {
    expect(() => readSerde(json, struct)).toThrow('invalid type')
  })
})

describe('the reader of a Jackson bean', () => {
  it('reads numbers into strings', () => {
    const bean = { ttl: 'String', recipient: 'String[]', required: 'boolean' } as const
    const read = readBean('{"ttl":3600,"recipient":["a"],"required":true}', bean)
    expect(read).toEqual({ ttl: '3600', recipient: ['a'], required: true })
  })

  it('rejects an unknown field, unless the bean ignores them', () => {
    expect(() => readBean('{"share_domain":""}', { ttl: 'String' })).toThrow(
      'Unrecognized field "share_domain"',
    )
    expect(readBean('{"share_domain":""}', { ttl: 'String' }, { ignoreUnknown: true })).toEqual({ ttl: null })
  })

  it.each([
    ['{"of":"a@b.c"}', 'String[]'],
    ['{"of":["a@b.c"]}', 'String'],
    ['{"of":"yes"}', 'boolean'],
  ] as const)('rejects %s as %s', (json, of) => {
    expect(() => readBean(json, { of })).toThrow('Can not deserialize')
  })
})

describe('the reader of a C# data contract', () => {
  it('reads defaults where a member is missing', () => {
    const contract = { custid: 'string', ttl: 'int', required: 'bool' } as const
    expect(readContract('{"other":[]}', contract)).toEqual({ custid: null, ttl: 0, required: false })
  })

  it.each(['null', '"3600"', '1.5', '2147483648'])('rejects %s as an int', (value) => {
    expect(() => readContract(`{"ttl":${value}}`, { ttl: 'int' })).toThrow('cannot be parsed')
  })
})
