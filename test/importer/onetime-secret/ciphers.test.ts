import { describe, expect, it } from 'vitest'
import { openCbc } from '../../../src/importer/onetime-secret/cbc.ts'
import { openEnvelope } from '../../../src/importer/onetime-secret/envelope.ts'
import { type CbcText, cbc, type EnvelopeText, envelopes } from './old.ts'
import { sealOld } from './seal-old.ts'

describe('openCbc', () => {
  const bytesOf = ({ mode, value }: CbcText) => ({ mode, value: Buffer.from(value, 'base64') })

  it.each(cbc.texts)('opens what 0.20.5 sealed: $text', (text) => {
    const input = { key: text.key, siteSecret: cbc.siteSecret, passphrase: text.passphrase ?? undefined }
    expect(openCbc(bytesOf(text), input)).toBe(text.text)
    expect(openCbc(bytesOf(text), { ...input, siteSecret: 'another' })).toBeUndefined()
    expect(openCbc(bytesOf(text), { ...input, key: text.key.slice(1) })).toBeUndefined()
    expect(openCbc(bytesOf(text), { ...input, passphrase: 'wrong' })).toBeUndefined()
  })

  it('opens mode 1 without the site secret, with and without a passphrase', () => {
    const input = { key: 'abc', siteSecret: 'any' }
    expect(openCbc({ mode: 1, value: sealOld('abc', 'from 2011') }, input)).toBe('from 2011')
    const value = sealOld('abc:pass', 'locked in 2011')
    expect(openCbc({ mode: 1, value }, { ...input, passphrase: 'pass' })).toBe('locked in 2011')
    expect(openCbc({ mode: 1, value }, input)).toBeUndefined()
    expect(openCbc({ mode: 2, value }, input)).toBeUndefined()
  })

  it('takes mode 0 for plain text', () => {
    expect(openCbc({ mode: 0, value: Buffer.from('pl\u00e4in') }, { key: 'k', siteSecret: '' })).toBe(
      'pl\u00e4in',
    )
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a block', Buffer.alloc(8)],
    ['more than whole blocks', Buffer.alloc(33)],
  ])('does not open %s', (_, value) => {
    expect(openCbc({ mode: 2, value }, { key: 'k', siteSecret: 's' })).toBeUndefined()
  })

  it('does not open what the padding lets pass by chance, but is not text', () => {
    const input = { key: 'abc', siteSecret: 's' }
    const latin1 = Buffer.from('f\u00fcr J\u00f6rg', 'latin1')
    expect(openCbc({ mode: 2, value: sealOld('s:abc', latin1) }, input)).toBeUndefined()
    expect(openCbc({ mode: 2, value: sealOld('s:abc', 'f\u00fcr J\u00f6rg') }, input)).toBe(
      'f\u00fcr J\u00f6rg',
    )
    expect(openCbc({ mode: 0, value: latin1 }, input)).toBeUndefined()
  })
})

describe('openEnvelope', () => {
  const ciphertextOf = ({ algorithm, nonce, ciphertext, tag, keyVersion }: EnvelopeText) => ({
    kind: 'envelope' as const,
    algorithm,
    nonce: Buffer.from(nonce, 'base64'),
    ciphertext: Buffer.from(ciphertext, 'base64'),
    tag: Buffer.from(tag, 'base64'),
    keyVersion,
  })
  const { siteSecret } = envelopes

  it.each(envelopes.texts)('opens what 0.26 sealed with $algorithm: $text', (text) => {
    const { key } = text
    const whole = ciphertextOf(text)
    expect(openEnvelope(whole, { key, siteSecret })).toBe(text.text)
    expect(openEnvelope(whole, { key, siteSecret: 'another' })).toBeUndefined()
    expect(openEnvelope(whole, { key: `${key}x`, siteSecret })).toBeUndefined()
    for (const part of ['nonce', 'ciphertext', 'tag'] as const) {
      const { [part]: bytes } = whole
      const changed = Buffer.from(bytes)
      changed[0] = (changed[0] ?? 0) ^ 1
      expect(openEnvelope({ ...whole, [part]: changed }, { key, siteSecret })).toBeUndefined()
      for (const cut of [Buffer.alloc(0), bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])])
        expect(openEnvelope({ ...whole, [part]: cut }, { key, siteSecret })).toBeUndefined()
    }
  })

  it('includes both algorithms', () => {
    const algorithms = new Set(envelopes.texts.map(({ algorithm }) => algorithm))
    expect([...algorithms].sort()).toEqual(['aes-256-gcm', 'xchacha20poly1305'])
  })

  it.each(['', 'rot13', 'constructor', 'XCHACHA20POLY1305'])(
    'does not open the algorithm %j',
    (algorithm) => {
      const [text] = envelopes.texts.map(ciphertextOf)
      expect(text && openEnvelope({ ...text, algorithm }, { key: 'k', siteSecret })).toBeUndefined()
    },
  )
})
