import { html, type SafeHtml } from '@remix-run/html-template'
import { API_VERSIONS, type ApiVersion, type OpenApi } from '../../http/openapi.ts'
import type { Page } from '../layout/page.ts'
import type { View } from '../request-view.ts'
import { type Endpoint, endpointsOf } from './endpoints.ts'
import { type Field, fieldsOf, nameOf, type Schema, typeOf } from './fields.ts'
import type { Limits } from './limits.ts'
import { type WireObject, wireObjectsOf } from './wire-objects.ts'

/** What the page shows. */
interface Reference {
  readonly version: ApiVersion
  readonly document: OpenApi
  /** The public address of the site. */
  readonly publicUrl: string
  readonly limits: Limits
}

/** Renders the OpenAPI document of a version as a page. Always in English, like the names in it. */
export function apiReferencePage({ base }: View, { version, document, publicUrl, limits }: Reference): Page {
  const { info, components } = document
  const others = API_VERSIONS.filter((each) => each !== version)
  const recent = `${publicUrl}/api/${version}/${version === 'v1' ? 'private' : 'receipt'}/recent`
  return {
    title: 'API',
    path: '/api',
    main: html`<div lang="en" dir="ltr">
<h1>API ${version}</h1>
<p class="lead">${prose(info.description)} The same as <a href="${base}/api/${version}/openapi.json">OpenAPI</a>.</p>
<p>Also: ${others.map((each) => html`<a href="${base}/api?version=${each}">${each}</a> `)}</p>
<section class="card">
<h2>Authentication</h2>
<p>HTTP Basic with the email address or the ur name of an account, and its API token. Without it you are anonymous, which is enough wherever no account is required.</p>
<p><code>curl -u EMAIL:TOKEN ${recent}</code></p>
</section>
${endpointsOf(document, { version, publicUrl, base }).map((each) => endpoint(each, limits))}
${wireObjectsOf(components).map(wireObject)}
<section class="card">
<h2>Other responses</h2>
${rows(Object.entries(components.responses).map(([name, { description }]) => [name, prose(description)]))}
</section>
</div>`,
  }
}

function endpoint(
  { operation, calls, accountRequired, parameters, example }: Endpoint,
  limits: Limits,
): SafeHtml {
  const { operationId, summary, description, responses } = operation
  const fields = parameters === undefined ? [] : fieldsOf(parameters)
  const { 200: success, ...others } = responses
  const names = Object.values(others).flatMap((response) => ('$ref' in response ? [nameOf(response)] : []))
  return html`<section class="card" id="${operationId}">
<h2>${summary}</h2>
${calls.map((call) => html`<p><code>${call}</code></p>`)}
${description === undefined ? '' : html`<p>${prose(description)}</p>`}${accountRequired ? html`<p>Requires an account.</p>` : ''}${rows(fields.map((field) => [field.name, parameter(field, limits)]))}
<p><code>${example}</code></p>
${success !== undefined && 'content' in success ? answer(success.description, success.content?.['application/json']?.schema) : ''}
<p>Otherwise: ${names.join(', ')}</p>
</section>
`
}

function answer(description: string, schema: Schema | undefined): SafeHtml {
  if (schema === undefined) return html``
  const fields = fieldsOf(schema)
  return html`<p>Responds with <code>200</code>: ${prose(description)} ${fields.length === 0 ? type(typeOf(schema)) : ''}</p>
${rows(fields.map((field) => [field.name, value(field)]))}`
}

function wireObject({ name, contained, fields }: WireObject): SafeHtml {
  return html`<section class="card" id="${name}">
<h2>${name}</h2>
${contained === undefined ? '' : html`<p>All of ${type(contained)}, and:</p>`}
${rows(fields.map((field) => [field.name, value(field)]))}
</section>
`
}

function parameter({ name, type: kind, description, required }: Field, limits: Limits): SafeHtml {
  const limit = limits[name.slice(name.lastIndexOf('.') + 1)]
  const here = limit === undefined || kind === 'object' ? '' : html` Here: ${limit}.`
  return html`${type(kind)}${required ? ', required' : ''}. ${prose(description)}${here}`
}

function value({ type: kind, description }: Field): SafeHtml {
  return html`${type(kind)}${description === '' ? '' : html`. ${prose(description)}`}`
}

// Links to the object that it names, if it names one.
function type(text: string): SafeHtml {
  return html`${text.split(/\b([A-Z]\w+)\b/).map((part, index) => (index % 2 === 1 ? html`<a href="#${part}">${part}</a>` : part))}`
}

function rows(all: readonly (readonly [name: string, meaning: SafeHtml])[]): SafeHtml {
  if (all.length === 0) return html``
  return html`<ul>${all.map(([name, meaning]) => html`<li><code>${name}</code> ${meaning}`)}</ul>`
}

// Renders text between backticks as code.
function prose(text: string): SafeHtml {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
