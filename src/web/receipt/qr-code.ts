import { html, type SafeHtml } from '@remix-run/html-template'
import { encode } from 'uqr'

// ISO/IEC 18004 requires four light modules on each side.
const QUIET_ZONE = 4

/**
 * Renders a QR code. Dark modules that touch in a row are one stroke: a page is not always compressed, and a square for each
 * module would be most of it.
 *
 * @param label The accessible name of the code.
 */
export function qrCode(text: string, label: string): SafeHtml {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const strokes = data.map((row, y) => strokesOf(row, y)).join('')
  return html`<svg class="qr" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="#000" d="${strokes}"/></svg>`
}

/** Returns the path of a row: absolute to its first dark module, and relative from there. */
function strokesOf(row: readonly boolean[], y: number): string {
  let path = ''
  let end = 0
  for (let start = row.indexOf(true); start !== -1; start = row.indexOf(true, end)) {
    path += path === '' ? `M${start} ${y}.5` : `m${start - end} 0`
    end = row.indexOf(false, start)
    path += `h${end - start}`
  }
  return path
}
