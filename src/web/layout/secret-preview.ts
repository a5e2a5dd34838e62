import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'

/**
 * Renders what a chat or mail program shows of a secret link (The Open Graph protocol). The words are the same for every key,
 * so that a preview tells nothing about a secret.
 */
export function secretPreview({ say, site, assets, publicUrl }: View): SafeHtml {
  const description = say('preview.description')
  return html`<meta name="description" content="${description}">
<meta property="og:type" content="website">
<meta property="og:site_name" content="${site.name}">
<meta property="og:title" content="${say('preview.title')}">
<meta property="og:description" content="${description}">
<meta property="og:image" content="${publicUrl}${assets.touchIcon.path}">`
}
