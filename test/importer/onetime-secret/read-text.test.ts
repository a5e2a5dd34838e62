import { describe, expect, it } from 'vitest'
import { readText, verifySiteSecret } from '../../../src/importer/onetime-secret/read-text.ts'
import { cbc, envelopes, oldSecret, oldSecretOf } from './old.ts'

describe('readText', () => {
  it('opens one text in each turn of the event loop, so that the stores are heard between them', async () => {
    let turn = 0
    const count = () => {
      turn += 1
      counting = setImmediate(count)
    }
    let counting = setImmediate(count)
    const olds = [...cbc.texts, ...envelopes.texts].map(oldSecretOf)
    const reading = olds.map(async (old) => {
      await readText(old, [cbc.siteSecret, envelopes.siteSecret])
      return turn
    })
    expect(new Set(await Promise.all(reading)).size).toBe(olds.length)
    clearImmediate(counting)
  })
})

describe('verifySiteSecret', () => {
  const sealed = [...cbc.texts, ...envelopes.texts].map(oldSecretOf)
  const right = [cbc.siteSecret, envelopes.siteSecret]

  it('finds the right one among those given, where the secret can tell', () => {
    expect(sealed.map((old) => verifySiteSecret(['x', ...right], old))).toEqual(
      sealed.map(({ ciphertext, passphraseDigest }) => !(ciphertext.kind === 'cbc' && passphraseDigest)),
    )
    expect(verifySiteSecret([], oldSecret())).toBe(false)
  })

  it('throws when there is none, without quoting one', () => {
    const [first] = sealed
    const verify = () => first && verifySiteSecret(['a wrong one'], first)
    expect(verify).toThrow('no site secret that was given opens')
    expect(verify).not.toThrow('a wrong one')
  })
})
