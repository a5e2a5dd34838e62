import type { PassphraseHasher } from '../../crypto/passphrase.ts'
import { matchesDigest } from '../../crypto/passphrase-digest.ts'
import { DomainError } from '../../errors.ts'
import type { OldCipher, OpenImported } from '../../secrets/imported-text.ts'
import { openCbc } from './cbc.ts'
import { siteIdOf } from './site-id.ts'

/**
 * Creates what reveals imported secrets with a passphrase.
 *
 * Nothing proved at the import which site secret encrypted such a secret, so each one is tried, those that were given at the
 * import first.
 *
 * @param siteSecrets The site secrets of the old server, for the secrets that it encrypted with a passphrase.
 */
export function createOpenImported(
  hasher: Pick<PassphraseHasher, 'run'>,
  siteSecrets: readonly string[],
): OpenImported {
  const ids = new Map(siteSecrets.map((siteSecret) => [siteSecret, siteIdOf(siteSecret)]))

  return async ({ digest, cipher, bytes }, passphrase, hashing) => {
    if (!(await hasher.run(hashing, () => matchesDigest(digest, passphrase)))) return undefined
    if (cipher === undefined) return bytes.toString()
    const { mode, key } = cipher
    for (const siteSecret of candidatesFor(cipher)) {
      const value = openCbc({ mode, value: bytes }, { key, siteSecret, passphrase })
      if (value !== undefined) return value
    }
    throw mode === 1 ? new DomainError('unreadable_record') : missingSiteSecret()
  }

  function candidatesFor({ mode, sites }: OldCipher): readonly string[] {
    if (mode === 1) return ['']
    const isNamed = (siteSecret: string) => sites.includes(ids.get(siteSecret) ?? '')
    return [...siteSecrets.filter(isNamed), ...siteSecrets.filter((one) => !isNamed(one))]
  }
}

function missingSiteSecret(): DomainError {
  const cause = new Error(
    'the passphrase is right, but IMPORTED_SITE_SECRET lacks the site secret that this imported secret was encrypted with',
  )
  return new DomainError('missing_site_secret', { cause })
}
