import { html, type SafeHtml } from '@remix-run/html-template'
import { FALLBACK_LOCALE, LOCALES } from '../../i18n/catalog.ts'
import { directionOf } from '../../i18n/locale.ts'
import type { View } from '../context.ts'
import { form } from './form.ts'

/** One page, to be put between the header and the footer that all share. */
export interface Page {
  readonly title: string
  readonly main: SafeHtml
  /** Where the page is reached by GET, for the language menu; undefined for a page that can be shown only once. */
  readonly path: string | undefined
  /** Whether the page is for a recipient, whom the sender's pages don't concern. */
  readonly plain?: boolean
}

const NATIVE_NAMES = LOCALES.map((locale) => {
  const name = new Intl.DisplayNames(locale, { type: 'language' }).of(locale) ?? locale
  return { locale, name: name.charAt(0).toLocaleUpperCase(locale) + name.slice(1) }
}).sort((a, b) => a.name.localeCompare(b.name, FALLBACK_LOCALE))

/** @returns The whole document. */
export function layout(view: View, { title, main, path, plain = false }: Page): SafeHtml {
  const { locale, site, assets, base, say } = view
  return html`<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}">
<head>
<meta charset="utf-8">
<title>${title} · ${site.name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${base}${assets.icon.path}">
<link rel="stylesheet" href="${base}${assets.style.path}">
<script src="${base}${assets.script.path}" defer></script>
</head>
<body>
<a class="skip" href="#main">${say('nav.skip')}</a>
<header>
<a class="brand" href="${base}/"><img src="${base}${assets.logo.path}" alt="" height="28"> <bdi>${site.name}</bdi></a>
${plain ? '' : navigation(view)}
</header>
<main id="main" tabindex="-1">
${main}
</main>
<footer>
${path === undefined ? '' : languageMenu(view, path)}
${regions(view)}
</footer>
<p class="visually-hidden" role="status" id="status"></p>
</body>
</html>
`
}

function navigation(view: View): SafeHtml {
  const { base, account, say } = view
  return html`<nav aria-label="${say('nav.main')}">
${
  account === undefined
    ? html`<a href="${base}/signin">${say('nav.signin')}</a>`
    : html`<a href="${base}/">${say('nav.new')}</a>
<a href="${base}/recent">${say('nav.recent')}</a>
${form(view, '/signout', html`<button class="link" title="${account}">${say('nav.signout')}</button>`)}`
}
</nav>`
}

function languageMenu({ base, locale, say }: View, path: string): SafeHtml {
  return html`<details class="menu">
<summary><span class="visually-hidden">${say('nav.language')}: </span>${NATIVE_NAMES.find((entry) => entry.locale === locale)?.name}</summary>
<ul>${NATIVE_NAMES.map(
    (entry) =>
      html`<li><a href="${base}${path}?language=${entry.locale}" hreflang="${entry.locale}" lang="${entry.locale}" ${
        entry.locale === locale ? html`aria-current="true"` : ''
      }>${entry.name}</a></li>`,
  )}</ul>
</details>`
}

function regions({ site, say }: View): SafeHtml | undefined {
  const { region, regions } = site
  const others = regions.filter(({ name }) => name !== region)
  if (region === undefined && others.length === 0) return undefined
  return html`<div class="regions">
${region === undefined ? '' : html`<p>${say('nav.region', { region })}</p>`}
${
  others.length === 0
    ? ''
    : html`<nav aria-label="${say('nav.regions')}">${others.map(
        ({ name, url }) => html`<a href="${url}/">${name}</a> `,
      )}</nav>`
}
</div>`
}
