import { html, type SafeHtml } from '@remix-run/html-template'
import type { Receipt } from '../../secrets/receipt.ts'
import { form, formError } from '../layout/form.ts'
import type { Page } from '../layout/page.ts'
import { SHOWN_STATES } from '../layout/shown-state.ts'
import type { View } from '../request-view.ts'
import { recentEntry } from './entry.ts'
import type { RecentList } from './list.ts'
import { parametersOf, type RecentQuery, recentPath, SEARCH_MAX_LENGTH } from './query.ts'

/** The content of the list. */
export interface RecentView {
  readonly list: RecentList
  readonly query: RecentQuery
  /** Returns the secret link of a receipt, while the secret is available. */
  readonly linkOf: (receipt: Receipt) => string | undefined
  readonly error?: string
}

/** Renders the list of secrets that an account created in the last 30 days. */
export function recentPage(view: View, shown: RecentView): Page {
  const { say } = view
  const { list, query, error } = shown
  const isEmpty = list.count === 0 && !isFiltered(query)
  return {
    title: say('recent.title'),
    path: recentPath(query),
    main: html`<h1>${say('recent.title')}</h1>
<p class="lead">${say(isEmpty ? 'recent.empty' : 'recent.lead')}</p>
${isEmpty ? '' : filterForm(view, query)}
${isEmpty ? '' : found(view, list, query)}
${formError(error)}
${list.count === 0 ? '' : entries(view, shown)}
${list.pages === 1 ? '' : pageLinks(view, list, query)}`,
  }
}

function isFiltered({ state, search }: RecentQuery): boolean {
  return state !== undefined || search !== ''
}

/** Renders hidden fields that keep a query over a form. */
export function keepQuery(query: RecentQuery): SafeHtml {
  return html`${parametersOf(query).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
}

function filterForm({ say, base }: View, { state, search }: RecentQuery): SafeHtml {
  return html`<form class="filter" role="search" action="${base}/recent">
<div class="field"><label for="state">${say('recent.state')}</label>
<select id="state" name="state"><option value="">${say('recent.all')}</option>${SHOWN_STATES.map(
    (each) =>
      html`<option value="${each}" ${each === state ? html`selected` : ''}>${say(`recent.state_${each}`)}</option>`,
  )}</select></div>
<div class="field"><label for="q">${say('recent.search')}</label>
<input type="search" id="q" name="q" dir="auto" autocomplete="off" maxlength="${SEARCH_MAX_LENGTH}" value="${search}"></div>
<button class="quiet">${say('recent.show')}</button>
</form>`
}

function found({ say, base }: View, { count }: RecentList, query: RecentQuery): SafeHtml {
  return html`<p class="found">${count === 0 ? say('recent.none') : say('recent.count', { count })}${
    isFiltered(query) ? html` <a href="${base}/recent">${say('recent.show_all')}</a>` : ''
  }</p>`
}

function entries(view: View, { list: { receipts }, query, linkOf }: RecentView): SafeHtml {
  const { say } = view
  const links = receipts.map(linkOf)
  // Without the role, Safari does not announce a list without bullets as a list.
  const content = html`${keepQuery(query)}
<ul class="entries" role="list" data-done="${say('form.copied')}" data-failed="${say('form.copy_failed')}">
${receipts.map((receipt, index) => recentEntry(view, receipt, links[index], index))}
</ul>
${
  links.every((link) => link === undefined)
    ? ''
    : html`<p class="buttons"><button class="danger">${say('recent.burn')}</button></p>`
}`
  return form(view, { action: '/recent/burn' }, content)
}

function pageLinks({ say, base }: View, { page, pages }: RecentList, query: RecentQuery): SafeHtml {
  const link = (to: number, rel: 'prev' | 'next', text: string) =>
    to < 1 || to > pages
      ? ''
      : html`<a class="button quiet" rel="${rel}" href="${base}${recentPath({ ...query, page: to })}">${text}</a>`
  return html`<nav class="pages" aria-label="${say('recent.pages')}">
${link(page - 1, 'prev', say('recent.previous'))}
<p aria-current="page">${say('recent.page', { page, pages })}</p>
${link(page + 1, 'next', say('recent.next'))}
</nav>`
}
