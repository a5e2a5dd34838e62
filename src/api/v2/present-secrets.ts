import type { Peeked } from '../../secrets/peek.ts'
import type { NewReceipt } from '../../secrets/receipt.ts'
import { parseRecipients } from '../../sharing/recipients.ts'
import type { Milliseconds } from '../../time.ts'
import {
  type PresentableSecret,
  presentReceipt,
  presentRevealedSecret,
  presentSecret,
} from './present-records.ts'
import type { Version } from './version.ts'
import type { Concealed, PeekedSecret, Revealed, SecretStatus } from './wire-objects.ts'

const LINE_WIDTH = 80
const MAX_LINES = 30

/** The lines that a page of the reference server takes for a value that is not shown. */
export const LINES_WITHOUT_VALUE = displayLines('')

/**
 * Presents a new secret and its receipt.
 *
 * @param recipients As the client sent them, and valid.
 * @param generated The value, if the server generated it; undefined otherwise.
 */
export function presentConcealed(
  version: Version,
  receipt: NewReceipt,
  recipients: readonly string[],
  generated?: string,
): Concealed {
  const record = presentReceipt(version, receipt)
  return {
    success: true,
    record: {
      receipt: record,
      metadata: record,
      secret: { secret_value: generated, ...presentSecret(receipt) },
      share_domain: record.share_domain,
    },
    details: {
      kind: generated === undefined ? 'conceal' : 'generate',
      recipient: parseRecipients(recipients),
      recipient_safe: receipt.recipients,
    },
  }
}

/**
 * Presents an available secret without its value.
 *
 * @param passphrase `correct` also for a secret that has none.
 */
export function presentPeeked(secret: PresentableSecret, passphrase: 'correct' | 'missing'): PeekedSecret {
  return {
    record: presentSecret(secret),
    details: {
      continue: false,
      is_owner: false,
      show_secret: false,
      correct_passphrase: passphrase === 'correct',
      display_lines: LINES_WITHOUT_VALUE,
      one_liner: null,
    },
  }
}

/** Presents a secret that was revealed at `revealed`, with its value. */
export function presentRevealed(secret: PresentableSecret, revealed: Milliseconds, value: string): Revealed {
  return {
    record: presentRevealedSecret(secret, revealed, value),
    details: {
      continue: true,
      is_owner: false,
      show_secret: true,
      correct_passphrase: true,
      display_lines: displayLines(value),
      one_liner: !value.includes('\n'),
    },
  }
}

/** Presents the status of an available secret. */
export function presentStatus({
  secretTtl,
  ...secret
}: PresentableSecret & Pick<Peeked, 'secretTtl'>): SecretStatus {
  return { record: { ...presentSecret(secret), state: 'new' }, details: { current_expiration: secretTtl } }
}

function displayLines(value: string): number {
  const lines = Math.floor((LINE_WIDTH + value.length) / LINE_WIDTH) + value.split('\n').length - 1 + 3
  return Math.min(lines, MAX_LINES)
}
