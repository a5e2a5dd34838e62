import { html, type SafeHtml } from '@remix-run/html-template'
import { FALLBACK_LOCALE, LOCALES } from '../../i18n/catalog.ts'
import { conventionsOf, type Locale } from '../../i18n/locale.ts'
import type { View } from '../request-view.ts'
import { draftButton, type KeptForm } from './draft.ts'

/** Tags that tell languages with more than one catalog apart: Chinese by script, which says more than a region. */
const NAMED_BY: Readonly<Record<string, string>> = { zh: 'zh-Hans', 'zh-TW': 'zh-Hant' }

let nativeNames: ReadonlyMap<Locale, string> | undefined

/** Renders the menu that switches a page to another language, and keeps what was typed into its form. */
export function languageMenu(view: View, path: string, kept: KeptForm | undefined): SafeHtml {
  const { base, locale, say } = view
  nativeNames ??= nameLanguages()
  const separator = path.includes('?') ? '&' : '?'
  const item = (tag: Locale, name: string) => {
    const current = tag === locale ? html`aria-current="true"` : html``
    if (kept === undefined) {
      return html`<a href="${base}${path}${separator}language=${tag}" hreflang="${tag}" lang="${tag}" ${current}>${name}</a>`
    }
    const button = { step: kept.step, language: tag, form: kept.id, className: 'link' } as const
    return draftButton(view, { ...button, data: html`lang="${tag}" ${current}` }, name)
  }
  return html`<details class="menu">
<summary><span class="visually-hidden">${say('nav.language')}: </span>${nativeNames.get(locale)}</summary>
<ul>${[...nativeNames].map(([tag, name]) => html`<li>${item(tag, name)}</li>`)}</ul>
</details>`
}

// Takes as long as a tenth of the start, and no request of the API needs it.
function nameLanguages(): ReadonlyMap<Locale, string> {
  const names = LOCALES.map((locale) => [locale, nativeName(locale)] as const)
  return new Map(names.sort(([, a], [, b]) => a.localeCompare(b, FALLBACK_LOCALE)))
}

function nativeName(locale: Locale): string {
  const tag = NAMED_BY[locale] ?? conventionsOf(locale)
  const name = new Intl.DisplayNames(tag, { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
