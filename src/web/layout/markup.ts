import { html, type SafeHtml } from '@remix-run/html-template'
import type { MessageKey } from '../../i18n/catalog.ts'
import type { View } from '../request-view.ts'

// No text of a catalog contains a control character.
const GAP = '\0'

/**
 * Translates a message and fills its one placeholder with markup.
 *
 * @param name The placeholder.
 */
export function withMarkup({ say }: View, key: MessageKey, name: string, markup: SafeHtml): SafeHtml {
  const [before = '', after = ''] = say(key, { [name]: GAP }).split(GAP)
  return html`${before}${markup}${after}`
}
