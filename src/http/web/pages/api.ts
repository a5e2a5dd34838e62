import { html, type SafeHtml } from '@remix-run/html-template'
import type { OpenApi, Operation, Schema } from '../../openapi.ts'
import type { View } from '../web.ts'
import type { Page } from './layout.ts'

const PREFIX = '/api/v1'

/** The page that describes the API, in English as the names in it are. */
export function apiPage({ base }: View, document: OpenApi): Page {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return {
    title: 'API',
    path: '/api',
    main: html`<div lang="en" dir="ltr">
<h1>API</h1>
<p class="lead">${prose(document.info.description)}</p>
<p><a href="${base}${PREFIX}/openapi.json">OpenAPI</a></p>
${operations.map(
  ({ path, method, operation }) => html`<section id="${operation.operationId}">
<h2>${operation.summary}</h2>
<pre><code>${method.toUpperCase()} ${base}${PREFIX}${path}</code></pre>
${operation.description === undefined ? '' : html`<p>${prose(operation.description)}</p>`}
${isForAccounts(operation) ? html`<p>Needs an account.</p>` : ''}
${parameters(document, operation)}
${answers(document, operation)}
</section>`,
)}
</div>`,
  }
}

function isForAccounts({ security }: Operation): boolean {
  return security.every((way) => Object.keys(way).length > 0)
}

function parameters({ components }: OpenApi, { requestBody }: Operation): SafeHtml {
  const [content] = Object.values(requestBody?.content ?? {})
  if (content === undefined) return html``
  const { properties = {}, required = [] }: Schema = components.schemas[nameOf(content.schema.$ref)] ?? {}
  const rows = Object.entries(properties).map(
    ([name, { description = '' }]): Row => [
      name,
      required.includes(name) ? `${description} Required.` : description,
    ],
  )
  return html`<h3>Parameters</h3>
${list(rows)}`
}

function answers({ components }: OpenApi, { responses }: Operation): SafeHtml {
  const rows = Object.entries(responses).map(([status, answer]): Row => {
    const { description = '' } = '$ref' in answer ? (components.responses[nameOf(answer.$ref)] ?? {}) : answer
    return [status, description]
  })
  return html`<h3>Answers</h3>
${list(rows)}`
}

type Row = readonly [name: string, meaning: string]

function list(rows: readonly Row[]): SafeHtml {
  return html`<dl>${rows.map(
    ([name, meaning]) => html`<div class="row"><dt><code>${name}</code></dt><dd>${prose(meaning)}</dd></div>
`,
  )}</dl>`
}

function nameOf(reference = ''): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

/** Text in which names stand between backticks. */
function prose(text: string): SafeHtml {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
