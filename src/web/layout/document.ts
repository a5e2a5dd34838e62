import { html, type SafeHtml } from '@remix-run/html-template'
import { conventionsOf, directionOf } from '../../i18n/locale.ts'
import { GROUND } from '../assets/colour.ts'
import type { View } from '../request-view.ts'
import { enterButton } from './draft.ts'
import { languageMenu } from './language-menu.ts'
import { navigation } from './navigation.ts'
import type { Page } from './page.ts'
import { regionMenu } from './region-menu.ts'
import { secretPreview } from './secret-preview.ts'

/** Renders a page as a complete HTML document. */
export function document(view: View, page: Page): SafeHtml {
  const { locale, site, assets, base, say } = view
  return html`<!doctype html>
<html lang="${conventionsOf(locale)}" dir="${directionOf(locale)}">
<head>
<meta charset="utf-8">
<title>${page.title} · ${site.name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="theme-color" content="${GROUND.light}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="${GROUND.dark}" media="(prefers-color-scheme: dark)">
${page.preview === 'secret' ? secretPreview(view) : ''}
<link rel="icon" href="${base}${assets.favicon.path}" sizes="32x32">
<link rel="icon" href="${base}${assets.icon.path}" type="${assets.icon.type}">
<link rel="apple-touch-icon" href="${base}${assets.touchIcon.path}">
<link rel="manifest" href="${base}${assets.manifest.path}">
<link rel="stylesheet" href="${base}${assets.style.path}">
<script src="${base}${assets.script.path}" defer></script>
</head>
<body>
<a class="skip" href="#main">${say('nav.skip')}</a>
${page.kept === undefined ? '' : enterButton(page.kept)}
<header>
<a class="brand" href="${base}/"><img src="${base}${assets.logo.path}" alt="" height="28"> <bdi>${site.name}</bdi></a>
${page.navigation === 'hidden' ? '' : navigation(view, page.kept)}
</header>
${site.notice === undefined ? '' : html`<aside class="notice"><p dir="auto">${site.notice}</p></aside>`}
<main id="main" tabindex="-1">
${page.main}
</main>
<footer>
${page.path === undefined ? '' : languageMenu(view, page.path, page.kept)}
${regionMenu(view)}
<p>${site.links.map(({ label, url }) => html`<a href="${url}"><bdi>${label}</bdi></a> `)}<a href="${base}/api">API</a></p>
</footer>
<p class="visually-hidden" role="status" id="status" data-busy="${say('form.busy')}"></p>
</body>
</html>
`
}
