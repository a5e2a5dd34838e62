import { conventionsOf } from '../../i18n/locale.ts'
import type { View } from '../request-view.ts'

const FIRST_STRONG_ISOLATE = '\u2068'
const POP_DIRECTIONAL_ISOLATE = '\u2069'

/** Lists email addresses within a sentence, each isolated from the writing direction around it (Unicode UAX #9). */
export function listAddresses({ locale }: View, addresses: readonly string[]): string {
  const isolated = addresses.map((address) => `${FIRST_STRONG_ISOLATE}${address}${POP_DIRECTIONAL_ISOLATE}`)
  return new Intl.ListFormat(conventionsOf(locale)).format(isolated)
}
