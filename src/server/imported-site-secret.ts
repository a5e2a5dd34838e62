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
 * Returns whether imported secrets need `IMPORTED_SITE_SECRET`, and until when, for `emberlink check`.
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
  if (until === undefined) return isSet ? 'IMPORTED_SITE_SECRET is no longer needed' : undefined
  const need = `need IMPORTED_SITE_SECRET until ${dateOf(until)}, when the last one with a passphrase expires`
  return isSet ? `${need}; whether it is the right one shows at a reveal only` : need
}

function dateOf(time: Milliseconds): string {
  return new Date(time).toISOString()
}
