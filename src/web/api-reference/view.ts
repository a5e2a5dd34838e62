import { html, type SafeHtml } from '@remix-run/html-template'
import type { OpenApi, Operation } from '../../http/openapi.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'

const PREFIX = '/api/v1'

/** Renders the OpenAPI document as a page. Always in English, like the names in it. */
export function apiReferencePage({ base }: View, { info, paths, components }: OpenApi): Page {
  const shared = new Map<string, string>()
  const endpoints = Object.entries(paths).map(([path, methods]) => {
    const [operation] = Object.values(methods) as [Operation, ...Operation[]]
    for (const [status, response] of Object.entries(operation.responses)) {
      if ('$ref' in response)
        shared.set(status, components.responses[nameOf(response.$ref)]?.description ?? '')
    }
    const names = Object.keys(methods).map((method) => method.toUpperCase())
    const call = `${names.join(' or ')} ${base}${PREFIX}${path}`
    return endpoint(call, operation, parametersOf(operation, components))
  })
  return {
    title: 'API',
    path: '/api',
    main: html`<div lang="en" dir="ltr">
<h1>API</h1>
<p class="lead">${prose(info.description)} The same as <a href="${base}${PREFIX}/openapi.json">OpenAPI</a>.</p>
${endpoints}
<section class="card">
<h2>Other responses</h2>
${list([...shared].sort())}
</section>
</div>`,
  }
}

type Row = readonly [name: string, meaning: string]

function endpoint(call: string, operation: Operation, parameters: readonly Row[]): SafeHtml {
  const { operationId, summary, description, security, responses } = operation
  const accountRequired = security.every((scheme) => Object.keys(scheme).length > 0)
  const rows = Object.entries(responses).map(([status, response]): Row => {
    return [status, '$ref' in response ? '' : response.description]
  })
  const own = rows.filter(([, meaning]) => meaning !== '')
  const shared = rows.filter(([, meaning]) => meaning === '').map(([status]) => status)
  return html`<section class="card" id="${operationId}">
<h2>${summary}</h2>
<p><code>${call}</code></p>
${description === undefined ? '' : html`<p>${prose(description)}</p>`}
${accountRequired ? html`<p>Requires an account.</p>` : ''}
${parameters.length === 0 ? '' : list(parameters)}
${own.map(([status, meaning]) => html`<p>Responds with <code>${status}</code>: ${prose(meaning)}</p>`)}
<p>Otherwise ${shared.join(', ')}; see below.</p>
</section>
`
}

function parametersOf({ requestBody }: Operation, { schemas }: OpenApi['components']): Row[] {
  const [content] = Object.values(requestBody?.content ?? {})
  if (content === undefined) return []
  const { properties = {}, required = [] } = schemas[nameOf(content.schema.$ref)] ?? {}
  return Object.entries(properties).map(([name, { description = '' }]) => [
    name,
    required.includes(name) ? `${description} Required.` : description,
  ])
}

function list(rows: readonly Row[]): SafeHtml {
  return html`<dl>${rows.map(
    ([name, meaning]) => html`<div class="row"><dt><code>${name}</code></dt><dd>${prose(meaning)}</dd></div>
`,
  )}</dl>`
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

// Renders text between backticks as code.
function prose(text: string): SafeHtml {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
