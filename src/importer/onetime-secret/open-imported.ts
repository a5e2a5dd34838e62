import type { PassphraseHasher } from '../../crypto/passphrase.ts'
import { matchesDigest } from '../../crypto/passphrase-digest.ts'
import { DomainError } from '../../errors.ts'
import type { OldCipher, OpenImported } from '../../secrets/imported-text.ts'
import { openCbc } from './cbc.ts'
import { siteIdOf } from './site-id.ts'

/**
 * Creates what reveals imported secrets with a passphrase.
 *
 * @param siteSecrets The site secrets of the old server, for the secrets that it encrypted with a passphrase.
 */
export function createOpenImported(
  hasher: Pick<PassphraseHasher, 'run'>,
  siteSecrets: readonly string[],
): OpenImported {
  const byId = new Map(siteSecrets.map((siteSecret) => [siteIdOf(siteSecret), siteSecret]))

  return async ({ digest, cipher, bytes }, passphrase, hashing) => {
    const candidates = cipher && candidatesFor(cipher)
    if (!(await hasher.run(hashing, () => matchesDigest(digest, passphrase)))) return undefined
    if (cipher === undefined || candidates === undefined) return bytes.toString()
    const { mode, key, sites } = cipher
    for (const siteSecret of candidates) {
      const value = openCbc({ mode, value: bytes }, { key, siteSecret, passphrase })
      if (value !== undefined) return value
    }
    throw candidates.length < sites.length ? missingSiteSecret() : new DomainError('unreadable_record')
  }

  // Before anything is hashed, because without the setting no passphrase opens the secret.
  function candidatesFor({ mode, sites }: OldCipher): readonly string[] {
    if (mode === 1) return ['']
    const found = sites.map((site) => byId.get(site)).filter((siteSecret) => siteSecret !== undefined)
    if (found.length === 0) throw missingSiteSecret()
    return found
  }
}

function missingSiteSecret(): DomainError {
  const cause = new Error(
    'IMPORTED_SITE_SECRET lacks the site secret that this imported secret was encrypted with',
  )
  return new DomainError('missing_site_secret', { cause })
}
