import { html, type SafeHtml } from '@remix-run/html-template'
import { renderSVG } from 'uqr'

// ISO/IEC 18004 requires four light modules on each side.
const QUIET_ZONE = 4

/**
 * Renders a QR code.
 *
 * @param label The accessible name of the code.
 */
export function qrCode(text: string, label: string): SafeHtml {
  const svg = renderSVG(text, { ecc: 'M', border: QUIET_ZONE, pixelSize: 1 })
  return html`<div class="qr" role="img" aria-label="${label}">${html.raw`${svg}`}</div>`
}
