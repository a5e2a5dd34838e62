import { html, type SafeHtml } from '@remix-run/html-template'
import { encode } from 'uqr'

// ISO/IEC 18004 asks for four light modules on each side.
const QUIET_ZONE = 4

/**
 * @param text What the code says.
 * @param label What it is, for those who don't see it.
 * @returns The QR code as a drawing of one path.
 */
export function qrCode(text: string, label: string): SafeHtml {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET_ZONE })
  const path = data.map((row, y) => darkRuns(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`))
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path d="${path.flat().join('')}"/></svg>`
}

function darkRuns(row: readonly boolean[]): [start: number, length: number][] {
  const runs: [number, number][] = []
  for (const [x, dark] of row.entries()) {
    const last = runs.at(-1)
    if (!dark) continue
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1
    else runs.push([x, 1])
  }
  return runs
}
