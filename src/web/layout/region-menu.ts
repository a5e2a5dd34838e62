import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'

/** Renders the region of this server and links to the others; undefined without regions. */
export function regionMenu({ site, say }: View): SafeHtml | undefined {
  const { region, regions } = site
  const others = regions.filter(({ name }) => name !== region)
  if (region === undefined && others.length === 0) return undefined
  return html`<div class="regions">
${region === undefined ? '' : html`<p>${say('nav.region', { region })}</p>`}
${
  others.length === 0
    ? ''
    : html`<nav aria-labelledby="regions"><span id="regions">${say('nav.regions')}</span> ${others.map(
        ({ name, url }) => html`<a href="${url}/">${name}</a> `,
      )}</nav>`
}
</div>`
}
