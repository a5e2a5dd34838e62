import { describe, expect, it } from 'vitest'
import { compileSerialiser } from '../../src/api/serialise.ts'
import { complete, flag, list, object, text, textOrNull, whole } from '../../src/api/wire.ts'

const inner = object({ key: text, ttl: whole }, ['key'])
const schema = {
  ...object(
    { note: textOrNull, inner, all: list(inner), names: { ...list(text), type: ['array', 'null'] } },
    ['inner'],
  ),
  description: 'Whatever describes it is not sent.',
}
const serialise = compileSerialiser({ schema })

describe('the serialiser of a response', () => {
  it('sends the fields that the schema names, on every level, and no other', () => {
    const secret = { key: 'a', ttl: 1, passphrase: 'b' }
    const sent = serialise({ note: 'n', inner: secret, all: [secret, { key: 'c' }], names: ['d'], secret })
    expect(JSON.parse(sent)).toEqual({
      inner: { key: 'a', ttl: 1 },
      note: 'n',
      all: [{ key: 'a', ttl: 1 }, { key: 'c' }],
      names: ['d'],
    })
  })

  it('sends required fields first, and each in the order of the schema', () => {
    expect(serialise({ all: [], inner: { ttl: 2, key: 'a' }, note: null })).toBe(
      '{"inner":{"key":"a","ttl":2},"note":null,"all":[]}',
    )
  })

  it('omits an optional field that is undefined, and sends one that is null', () => {
    expect(serialise({ inner: { key: 'a' }, note: undefined, names: null })).toBe(
      '{"inner":{"key":"a"},"names":null}',
    )
  })

  it('escapes texts as JSON does', () => {
    const value = '"\\\u0000\u2028é\ud800</script>'
    expect(JSON.parse(compileSerialiser({ schema: complete({ value: text }) })({ value }))).toEqual({ value })
  })

  it.each([
    ['a required field is missing', { note: null }, 'the response lacks inner'],
    ['a required field of an inner object is missing', { inner: {} }, 'the response lacks key'],
    ['an object is null that may not be', { inner: null }, TypeError],
    ['a text is an object', { inner: { key: { passphrase: 'b' } } }, 'a field of another type'],
    ['a list is none', { inner: { key: 'a' }, all: 'b' }, TypeError],
  ])('throws when %s', (_, value, failure) => {
    expect(() => serialise(value)).toThrow(failure)
  })

  it('serialises a list that is the whole response', () => {
    const serialiseList = compileSerialiser({ schema: list(complete({ on: flag })) })
    expect(serialiseList([{ on: true, more: 1 }, { on: false }])).toBe('[{"on":true},{"on":false}]')
  })
})
