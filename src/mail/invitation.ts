import { html } from '@remix-run/html-template'
import { type MessageKey, translate } from '../i18n/catalog.ts'
import { conventionsOf, directionOf, type Locale } from '../i18n/locale.ts'
import type { Milliseconds } from '../time.ts'
import type { Invitation } from './mailer.ts'

/** The content of an email. */
export interface EmailContent {
  /** One line. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * Composes an invitation in its language, with the date in UTC because the recipient's time zone is unknown.
 *
 * @param siteName Signs the email.
 * @returns The content as text and as HTML that loads no external resources.
 */
export function composeInvitation(invitation: Invitation, siteName: string): EmailContent {
  const { link, sender, locale, expires } = invitation
  const say = (key: MessageKey) => translate(locale, key, { sender, date: formatDate(locale, expires) })
  const subject = say('email.subject')
  const intro = say('email.intro')
  const rest = [`${say('email.once')} ${say('email.expires')}`, say('email.reply')]

  const text = [intro, link, ...rest, `-- \n${siteName}`].join('\n\n')
  const page = html`<!doctype html>
<html lang="${conventionsOf(locale)}" dir="${directionOf(locale)}">
<head><meta charset="utf-8"><title>${subject}</title></head>
<body style="font: 16px/1.5 sans-serif; max-width: 36em; margin: 2em auto; padding: 0 1em">
<p>${intro}</p>
<p dir="ltr"><a href="${link}">${link}</a></p>
${rest.map((paragraph) => html`<p>${paragraph}</p>\n`)}<p>${siteName}</p>
</body>
</html>
`
  return { subject, text, html: String(page) }
}

function formatDate(locale: Locale, time: Milliseconds): string {
  return new Intl.DateTimeFormat(conventionsOf(locale), {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(time)
}
