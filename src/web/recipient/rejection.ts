import { html, type SafeHtml } from '@remix-run/html-template'
import type { DomainError } from '../../errors.ts'
import { retryAfterOf } from '../../http/errors.ts'
import type { ClaimResult } from '../../secrets/claim.ts'
import { type Milliseconds, milliseconds, type Seconds } from '../../time.ts'
import { errorText } from '../error/text.ts'
import { withMarkup } from '../layout/markup.ts'
import { dateTime } from '../layout/times.ts'
import type { View } from '../request-view.ts'

const FEW_ATTEMPTS = 3
const MINUTE_MS = 60_000

/** Returns the text for a wrong passphrase: how many attempts are left, if they are few, or when the next one is accepted. */
export function wrongPassphraseText(
  view: View,
  { attemptsLeft, retryAfter }: ClaimResult & { readonly kind: 'wrong_passphrase' },
  now: Milliseconds,
): string | SafeHtml {
  const { say } = view
  const wrong = say('reveal.wrong_passphrase')
  if (retryAfter !== undefined) return html`${wrong} ${nextAttempt(view, retryAfter, now)}`
  if (attemptsLeft === undefined || attemptsLeft > FEW_ATTEMPTS) return wrong
  return `${wrong} ${say('reveal.attempts_left', { count: attemptsLeft })}`
}

/** Returns the text for a rate limit, with the time from which a reveal is accepted again. */
export function pauseText(view: View, error: DomainError, now: Milliseconds): SafeHtml {
  const retryAfter = retryAfterOf(error)
  return html`${errorText(view, error)} ${retryAfter === undefined ? '' : nextAttempt(view, retryAfter, now)}`
}

// Times are shown in minutes, so that a time rounded down would be too early.
function nextAttempt(view: View, retryAfter: Seconds, now: Milliseconds): SafeHtml {
  const time = milliseconds(Math.ceil((now + retryAfter * 1000) / MINUTE_MS) * MINUTE_MS)
  return withMarkup(view, 'reveal.next_attempt', 'time', dateTime(view, time))
}
