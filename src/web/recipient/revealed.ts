import { html, type SafeHtml } from '@remix-run/html-template'
import { copyButton } from '../layout/copy-button.ts'
import { withMarkup } from '../layout/markup.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'
import { type Part, splitSpecial } from './special-characters.ts'

const MAX_NAMED = 6

/** Renders a revealed secret. This page is sent only once. */
export function revealedPage(view: View, value: string): Page {
  const { say } = view
  const parts = splitSpecial(value)
  const hasMarks = parts.some(({ special }) => special)
  return {
    title: say('reveal.revealed'),
    path: undefined,
    navigation: 'hidden',
    main: html`<h1>${say('reveal.revealed')}</h1>
<p class="lead">${say('reveal.gone')}</p>
${hasMarks ? html`<p class="hint" id="marked">${withMarkup(view, 'reveal.marked', 'example', mark('U+200B'))}</p>` : ''}
<details class="card secret" open>
<summary><span class="when-open">${say('form.hide')}</span><span class="when-closed">${say('form.show')}</span></summary>
<pre id="revealed" dir="auto" tabindex="0" role="region" aria-label="${say('reveal.text')}" ${
      hasMarks ? html`aria-describedby="marked"` : ''
    }>
${parts.map(markupOf)}</pre>
</details>
<p class="buttons">${copyButton(view, 'revealed', { label: 'reveal.copy', className: 'primary' })}
<a class="button quiet" id="file" download="secret.txt" href="${dataUrlOf(value)}">${say('reveal.download')}</a></p>`,
  }
}

function markupOf({ text, special }: Part): SafeHtml {
  const content = escapedControls(text)
  return special ? mark(namesOf(text), content) : html`${content}`
}

/**
 * Renders a mark, whose name the style shows. The name is not in the text of the page, so that copying by hand leaves it out.
 *
 * @param name For the eye and for screen readers.
 * @param content The marked characters.
 */
function mark(name: string, content: SafeHtml[] = []): SafeHtml {
  return html`<span class="mark" role="img" aria-label="${name}">${content}</span>`
}

function namesOf(text: string): string {
  const characters = Array.from(text)
  const names = characters.slice(0, MAX_NAMED).map((character) => {
    const code = character.codePointAt(0) ?? 0
    return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  })
  return names.join(' ') + (characters.length > MAX_NAMED ? '…' : '')
}

// A browser would turn a bare carriage return into a newline, so it is escaped. It would drop a NUL, so that is shown as its
// symbol, and kept in the file.
function escapedControls(text: string): SafeHtml[] {
  const lines = text.replaceAll('\0', '␀').split('\r')
  return lines.map((line, index) => html`${index === 0 ? '' : html`&#13;`}${line}`)
}

function dataUrlOf(value: string): string {
  return `data:text/plain;charset=utf-8;base64,${Buffer.from(value).toString('base64')}`
}
