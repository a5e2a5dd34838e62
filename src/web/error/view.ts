import { html } from '@remix-run/html-template'
import type { MessageKey } from '../../i18n/catalog.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

/** The content of an error page. */
interface ErrorPage {
  readonly title: MessageKey
  readonly text: string
  /** The path that the button leads to, below the base path; the start page by default. */
  readonly back?: string | undefined
}

/** Renders an error for which there is no other page. */
export function errorPage({ say, base }: View, { title, text, back }: ErrorPage): Page {
  return {
    title: say(title),
    path: '/',
    navigation: 'hidden',
    main: html`<h1>${say(title)}</h1>
<p class="lead">${text}</p>
<p class="buttons">${
      back === undefined
        ? html`<a class="button quiet" href="${base}/">${say('error.home')}</a>`
        : html`<a class="button primary" href="${base}${back}">${say('error.back')}</a>`
    }</p>`,
  }
}
