import { html } from '@remix-run/html-template'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/**
 * Renders the page for a link that contains no whole key, so that nobody takes the secret for gone.
 *
 * @param path The path of the link, below the base path.
 */
export function incompleteLinkPage({ say }: View, path: string): Page {
  return {
    title: say('incomplete.title'),
    path,
    navigation: 'hidden',
    preview: 'secret',
    main: html`<h1>${say('incomplete.title')}</h1>
<p class="lead">${say('incomplete.lead')}</p>`,
  }
}
