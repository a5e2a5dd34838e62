import { html } from '@remix-run/html-template'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/**
 * Renders the page of each link that leads to no secret. It is the same for a secret that was revealed, burned or
 * expired and for a key that never existed: these are deliberately indistinguishable.
 *
 * @param path The path of the link, below the base path.
 */
export function gonePage({ say }: View, path: string): Page {
  return {
    title: say('gone.title'),
    path,
    navigation: 'hidden',
    main: html`<h1>${say('gone.title')}</h1>
<p class="lead">${say('gone.lead')}</p>`,
  }
}
