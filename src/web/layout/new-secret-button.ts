import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'

/** Renders the button at the end of a page from which a sender goes on to another secret. */
export function newSecretButton({ say, base }: View): SafeHtml {
  return html`<p class="buttons"><a class="button primary" href="${base}/">${say('nav.new')}</a></p>`
}
