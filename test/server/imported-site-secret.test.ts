import { describe, expect, it } from 'vitest'
import { describeSiteSecret, siteSecretWarnings } from '../../src/server/imported-site-secret.ts'
import { Memory, openMemoryStore } from '../contract/memory.ts'
import { EXPIRY, START } from '../contract/samples.ts'

const SET = { importedSiteSecrets: ['a site secret'] }
const MISSING = { importedSiteSecrets: [] }

describe('IMPORTED_SITE_SECRET', () => {
  it('is mentioned only while secrets wait for it, or when it is set', async () => {
    const { imports } = openMemoryStore(new Memory())
    expect(await siteSecretWarnings([imports, MISSING], START)).toEqual([])
    expect(await describeSiteSecret([imports, MISSING], START)).toBeUndefined()
    expect(await describeSiteSecret([imports, SET], START)).toBe('IMPORTED_SITE_SECRET is no longer needed')
    await imports.awaitSiteSecret(EXPIRY, START)
    expect(await siteSecretWarnings([imports, SET], START)).toEqual([])
    expect(await siteSecretWarnings([imports, MISSING], START)).toEqual([
      'IMPORTED_SITE_SECRET is missing, which imported secrets with a passphrase need until 2026-01-15T12:10:00.000Z',
    ])
    expect(await describeSiteSecret([imports, SET], START)).toBe(
      'need IMPORTED_SITE_SECRET until 2026-01-15T12:10:00.000Z, when the last one with a passphrase expires; whether it is the right one shows at a reveal only',
    )
    expect(await describeSiteSecret([imports, MISSING], START)).toMatch(/^need IMPORTED_SITE_SECRET until/)
    expect(await siteSecretWarnings([imports, MISSING], EXPIRY)).toEqual([])
  })
})
