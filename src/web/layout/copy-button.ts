import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'

/**
 * Renders a button that copies the text of an element. It stays hidden unless the script runs.
 *
 * @param target The id of the element.
 */
export function copyButton({ say }: View, target: string, className: 'primary' | 'quiet'): SafeHtml {
  return html`<button type="button" class="${className}" hidden data-copy="${target}" data-done="${say('form.copied')}" data-failed="${say('form.copy_failed')}">${say('form.copy')}</button>`
}
