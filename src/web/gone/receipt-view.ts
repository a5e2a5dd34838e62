import { html } from '@remix-run/html-template'
import { newSecretButton } from '../layout/new-secret-button.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/**
 * Renders the page for a receipt link without a receipt, for the sender. Expired and unknown receipts are
 * indistinguishable.
 *
 * @param path The path of the link, below the base path.
 */
export function goneReceiptPage(view: View, path: string): Page {
  const { say } = view
  return {
    title: say('receipt.gone'),
    path,
    main: html`<h1>${say('receipt.gone')}</h1>
<p class="lead">${say('receipt.gone_lead')}</p>
${newSecretButton(view)}`,
  }
}
