import { directionOf, type MessageKey, translate } from '../i18n/catalog.ts'
import type { Invitation } from './mailer.ts'

/** What a mail says. */
export interface Message {
  /** One line. */
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * Words an invitation in its language, with the date in UTC because nobody knows the recipient's clock.
 * @param siteName Signs the mail.
 * @returns The same content as text and as HTML, which loads nothing.
 */
export function composeInvitation(invitation: Invitation, siteName: string): Message {
  const { link, sender, locale, expires } = invitation
  const say = (key: MessageKey) => translate(locale, key, { sender, date: formatDate(locale, expires) })
  const subject = say('mail.subject')
  const intro = say('mail.intro')
  const rest = [`${say('mail.once')} ${say('mail.expires')}`, say('mail.reply')]

  const text = [intro, link, ...rest, `-- \n${siteName}`].join('\n\n')
  const html = `<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}">
<head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>
<body style="font: 16px/1.5 sans-serif; max-width: 36em; margin: 2em auto; padding: 0 1em">
<p>${escapeHtml(intro)}</p>
<p dir="ltr"><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>
${rest.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}
<p>${escapeHtml(siteName)}</p>
</body>
</html>
`
  return { subject, text, html }
}

function formatDate(locale: string, time: number): string {
  return new Intl.DateTimeFormat(locale, {
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

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
