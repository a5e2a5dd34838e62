import { html, type SafeHtml } from '@remix-run/html-template'
import type { OpenApi, Operation } from '../../http/openapi.ts'
import type { View } from '../context.ts'
import type { Page } from '../layout/layout.ts'

const PREFIX = '/api/v1'

/** The page that describes the API, in English as the names in it are. */
export function apiPage({ base }: View, { info, paths, components }: OpenApi): Page {
  const common = new Map<string, string>()
  const endpoints = Object.entries(paths).map(([path, methods]) => {
    const [operation] = Object.values(methods) as [Operation, ...Operation[]]
    for (const [status, answer] of Object.entries(operation.responses)) {
      if ('$ref' in answer) common.set(status, components.responses[nameOf(answer.$ref)]?.description ?? '')
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
<h2>Other answers</h2>
${list([...common].sort())}
</section>
</div>`,
  }
}

type Row = readonly [name: string, meaning: string]

function endpoint(call: string, operation: Operation, parameters: readonly Row[]): SafeHtml {
  const { operationId, summary, description, security, responses } = operation
  const forAccounts = security.every((way) => Object.keys(way).length > 0)
  const answers = Object.entries(responses).map(([status, answer]): Row => {
    return [status, '$ref' in answer ? '' : answer.description]
  })
  const own = answers.filter(([, meaning]) => meaning !== '')
  const others = answers.filter(([, meaning]) => meaning === '').map(([status]) => status)
  return html`<section class="card" id="${operationId}">
<h2>${summary}</h2>
<p><code>${call}</code></p>
${description === undefined ? '' : html`<p>${prose(description)}</p>`}
${forAccounts ? html`<p>Needs an account.</p>` : ''}
${parameters.length === 0 ? '' : list(parameters)}
${own.map(([status, meaning]) => html`<p>Answers <code>${status}</code>: ${prose(meaning)}</p>`)}
<p>Else ${others.join(', ')}; see below.</p>
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

/** Text in which names stand between backticks. */
function prose(text: string): SafeHtml {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
