import type { FoundRecord } from './found-record.ts'
import type { OldSecret } from './old-records.ts'
import { needsSiteSecretAtReveal, verifySiteSecret } from './read-text.ts'
import { UnusableRecord } from './unusable.ts'

// Of the oldest encryption, one wrong secret in a few hundred seems to be right, and any record may be damaged.
const LEAD = 3
const MAX_LOOKED_AT = 1000

/** What the first secrets say of the site secrets that were given. */
export type SiteSecretProof =
  | 'right'
  | 'wrong'
  /** No secret can tell, and some need the right one to be revealed. */
  | 'unproven'
  /** No secret needs one. */
  | 'unneeded'

/** Finds out whether a site secret is the right one, by the first secrets that can tell. */
export async function checkSiteSecret(
  batches: AsyncIterable<readonly FoundRecord<OldSecret>[]>,
  siteSecrets: readonly string[],
): Promise<SiteSecretProof> {
  let lookedAt = 0
  let lead = 0
  let told = false
  let isNeeded = false
  search: for await (const batch of batches) {
    for (const { content } of batch) {
      if (Math.abs(lead) === LEAD || lookedAt === MAX_LOOKED_AT) break search
      if (content instanceof UnusableRecord) continue
      lookedAt += 1
      isNeeded ||= needsSiteSecretAtReveal(content)
      const answer = opens(siteSecrets, content)
      if (answer === undefined) continue
      told = true
      lead += answer ? 1 : -1
    }
  }
  if (!told) return isNeeded ? 'unproven' : 'unneeded'
  return lead > 0 ? 'right' : 'wrong'
}

/** Tells whether a site secret opens a secret; undefined when that secret cannot tell. */
function opens(siteSecrets: readonly string[], secret: OldSecret): boolean | undefined {
  try {
    return verifySiteSecret(siteSecrets, secret) ? true : undefined
  } catch {
    return false
  }
}
