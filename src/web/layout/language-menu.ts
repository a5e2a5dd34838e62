import { html, type SafeHtml } from '@remix-run/html-template'
import { FALLBACK_LOCALE, LOCALES } from '../../i18n/catalog.ts'
import { conventionsOf, type Locale } from '../../i18n/locale.ts'
import type { View } from '../request-view.ts'

/** Tags that tell languages with more than one catalog apart: Chinese by script, which says more than a region. */
const NAMED_BY: Readonly<Record<string, string>> = { zh: 'zh-Hans', 'zh-TW': 'zh-Hant' }

const NATIVE_NAMES = new Map(
  LOCALES.map((locale) => [locale, nativeName(locale)] as const).sort(([, a], [, b]) =>
    a.localeCompare(b, FALLBACK_LOCALE),
  ),
)

/** Renders the menu that switches a page to another language. */
export function languageMenu({ base, locale, say }: View, path: string): SafeHtml {
  return html`<details class="menu">
<summary><span class="visually-hidden">${say('nav.language')}: </span>${NATIVE_NAMES.get(locale)}</summary>
<ul>${[...NATIVE_NAMES].map(
    ([tag, name]) =>
      html`<li><a href="${base}${path}?language=${tag}" hreflang="${tag}" lang="${tag}" ${
        tag === locale ? html`aria-current="true"` : ''
      }>${name}</a></li>`,
  )}</ul>
</details>`
}

function nativeName(locale: Locale): string {
  const tag = NAMED_BY[locale] ?? conventionsOf(locale)
  const name = new Intl.DisplayNames(tag, { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
