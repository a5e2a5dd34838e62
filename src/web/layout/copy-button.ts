import { html, type SafeHtml } from '@remix-run/html-template'
import type { MessageKey } from '../../i18n/catalog.ts'
import type { View } from '../request-view.ts'

/** A button that copies. */
interface CopyButton {
  /** Its name, which says what it copies. */
  readonly label: MessageKey
  readonly className: 'primary' | 'quiet'
  /** Takes the focus when the page opens. */
  readonly focused?: 'at-first'
}

/**
 * Renders a button that copies the text of an element. It stays hidden unless the script runs.
 *
 * @param target The id of the element.
 */
export function copyButton(
  { say }: View,
  target: string,
  { label, className, focused }: CopyButton,
): SafeHtml {
  return html`<button type="button" class="${className}" hidden ${focused ? html`data-focus` : ''} data-copy="${target}" data-done="${say('form.copied')}" data-failed="${say('form.copy_failed')}">${say(label)}</button>`
}
