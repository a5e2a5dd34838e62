import { html } from '@remix-run/html-template'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/**
 * Renders the page for a link without an available secret. Revealed, burned, expired and unknown secrets are deliberately
 * indistinguishable.
 *
 * @param path The path of the link, below the base path.
 */
export function gonePage({ say }: View, path: string): Page {
  return {
    title: say('gone.title'),
    path,
    navigation: 'hidden',
    preview: 'secret',
    main: html`<h1>${say('gone.title')}</h1>
<p class="lead">${say('gone.lead')}</p>`,
  }
}
