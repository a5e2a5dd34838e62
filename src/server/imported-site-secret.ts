import type { Config } from '../config/load.ts'
import type { ImportStore } from '../secrets/import-store.ts'
import type { Milliseconds } from '../time.ts'

/** What the store and the settings say of the site secret of another server. */
type SiteSecretContext = readonly [
  Pick<ImportStore, 'siteSecretAwaited'>,
  Pick<Config, 'importedSiteSecrets'>,
]

/**
 * Returns a warning when imported secrets with a passphrase wait that nothing opens, because `IMPORTED_SITE_SECRET` is missing.
 *
 * @throws DomainError `store_unavailable`.
 */
export async function siteSecretWarnings(
  [imports, { importedSiteSecrets }]: SiteSecretContext,
  now: Milliseconds,
): Promise<string[]> {
  if (importedSiteSecrets.length > 0) return []
  const until = await imports.siteSecretAwaited(now)
  return until === undefined
    ? []
    : [
        `IMPORTED_SITE_SECRET is missing, which imported secrets with a passphrase need until ${dateOf(until)}`,
      ]
}

/**
 * Says, for `emberlink check`, whether `IMPORTED_SITE_SECRET` is needed, and until when.
 *
 * @returns Undefined when it is neither set nor needed.
 * @throws DomainError `store_unavailable`.
 */
export async function describeSiteSecret(
  [imports, { importedSiteSecrets }]: SiteSecretContext,
  now: Milliseconds,
): Promise<string | undefined> {
  const until = await imports.siteSecretAwaited(now)
  const isSet = importedSiteSecrets.length > 0
  if (until === undefined) return isSet ? 'no longer needed: IMPORTED_SITE_SECRET can be removed' : undefined
  return `needed until ${dateOf(until)}, when the last imported secret with a passphrase expires${isSet ? '' : ': IMPORTED_SITE_SECRET is missing'}`
}

function dateOf(time: Milliseconds): string {
  return new Date(time).toISOString()
}
