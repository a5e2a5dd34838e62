// The list of all checks, in the order in which they are run.
import type { Check, NewVersion } from '../check.ts'
import { authenticationChecks } from './v1/authentication.ts'
import { burnChecks as v1Burn } from './v1/burn.ts'
import { errorChecks as v1Errors } from './v1/errors.ts'
import { formatChecks } from './v1/formats.ts'
import { generateChecks as v1Generate } from './v1/generate.ts'
import { raceChecks as v1Races } from './v1/races.ts'
import { receiptChecks as v1Receipt } from './v1/receipt.ts'
import { recentChecks as v1Recent } from './v1/recent.ts'
import { secretChecks as v1Secret } from './v1/secret.ts'
import { shareChecks } from './v1/share.ts'
import { statusChecks } from './v1/status.ts'
import { ttlChecks } from './v1/ttl.ts'
import { webChecks } from './v1/web.ts'
import { burnChecks } from './v2/burn.ts'
import { callerChecks } from './v2/callers.ts'
import { concealChecks } from './v2/conceal.ts'
import { errorChecks } from './v2/errors.ts'
import { generateChecks } from './v2/generate.ts'
import { guestChecks } from './v2/guest.ts'
import { infoChecks } from './v2/info.ts'
import { raceChecks } from './v2/races.ts'
import { receiptChecks } from './v2/receipt.ts'
import { recentChecks } from './v2/recent.ts'
import { revealChecks } from './v2/reveal.ts'
import { secretChecks } from './v2/secret.ts'
import { versionChecks } from './v2/versions.ts'

const V1 = [
  statusChecks,
  authenticationChecks,
  formatChecks,
  shareChecks,
  ttlChecks,
  v1Generate,
  v1Secret,
  v1Receipt,
  v1Burn,
  v1Recent,
  v1Errors,
  v1Races,
  webChecks,
].flat()

/** Those of `/api/v2` and `/api/v3` that are open to all callers in every version. */
const OPEN = [infoChecks, guestChecks]

/** Those whose paths want a browser session in the v3 of Onetime Secret. */
const ORDINARY = [
  callerChecks,
  concealChecks,
  generateChecks,
  secretChecks,
  revealChecks,
  receiptChecks,
  burnChecks,
  recentChecks,
  errorChecks,
  raceChecks,
]

/** All checks. */
export const everyCheck: readonly Check[] = [
  ...V1,
  ...checksOf('v2', OPEN),
  ...checksOf('v2', ORDINARY),
  ...versionChecks,
  ...checksOf('v3', OPEN),
  ...checksOf('v3', ORDINARY).map(
    (check): Check => ({ ...check, needs: ['v3 without session', ...(check.needs ?? [])] }),
  ),
]

function checksOf(version: NewVersion, areas: readonly ((version: NewVersion) => readonly Check[])[]) {
  return areas.flatMap((checks) => checks(version))
}
