/** How a version of the API creates a secret of 100 bytes, and reveals it. */
export interface Api {
  readonly create: { readonly path: string; readonly body: string }
  /** Finds the secret key in the response. */
  readonly keyIn: RegExp
  readonly reveal: { readonly path: (key: string) => string; readonly body: string | undefined }
  readonly headers: Readonly<Record<string, string>>
}

const VALUE = 's'.repeat(100)

/** Version 1, with forms. */
export const v1: Api = {
  create: { path: '/api/v1/share', body: `secret=${VALUE}&ttl=3600` },
  keyIn: /"secret_key":"([a-z0-9]+)"/,
  reveal: { path: (key) => `/api/v1/secret/${key}`, body: undefined },
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
}

/** The same with a passphrase. */
export const v1WithPassphrase: Api = {
  ...v1,
  create: { ...v1.create, body: `${v1.create.body}&passphrase=tulip` },
}

/** Version 2, with JSON. */
export const v2: Api = {
  create: {
    path: '/api/v2/secret/conceal',
    body: JSON.stringify({ secret: { secret: VALUE, ttl: 3600 } }),
  },
  keyIn: /"secret_identifier":"([a-z0-9]+)"/,
  reveal: { path: (key) => `/api/v2/secret/${key}/reveal`, body: '{"continue":true}' },
  headers: { 'content-type': 'application/json' },
}
