import { html, type SafeHtml } from '@remix-run/html-template'
import type { Receipt } from '../../secrets/receipt.ts'
import { copyButton } from '../layout/copy-button.ts'
import type { View } from '../request-view.ts'
import { qrCode } from './qr-code.ts'

/**
 * Renders the card with the secret link. Right after the sender created the secret, the focus is where the link can be
 * copied; without the script, on the link.
 *
 * @param link The secret link.
 */
export function linkCard(view: View, { state, recipients }: Receipt, link: string): SafeHtml {
  const { say } = view
  const isEmailed = recipients.length > 0
  const isFocused = state === 'new' && !isEmailed
  const copy = copyButton(view, 'link', {
    label: 'receipt.copy',
    className: isEmailed ? 'quiet' : 'primary',
    ...(isFocused && { focused: 'at-first' }),
  })
  return html`<section class="card share" aria-labelledby="link-title">
<div>
<h2 id="link-title">${say('receipt.link')}</h2>
<p class="value" ${isFocused ? html`tabindex="-1" autofocus` : ''}><code id="link" dir="ltr">${link}</code></p>
<p class="buttons">${copy}
<button type="button" class="quiet" hidden data-share="link">${say('receipt.share')}</button></p>
<p class="hint">${say(isEmailed ? 'receipt.link_sent_hint' : 'receipt.link_hint')}</p>
</div>
${qrCode(link, say('receipt.qr'))}
</section>`
}

/** Renders the warning that the receipt page itself is not to be shared. */
export function privacyNote({ say }: View): SafeHtml {
  return html`<h2>${say('receipt.private')}</h2>
<p class="hint">${say('receipt.private_hint')}</p>`
}
