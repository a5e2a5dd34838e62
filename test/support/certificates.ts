import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** For 127.0.0.1, 0.0.0.0 and localhost, except `other-host`; from the authority of `CA_FILE`, except `self-signed`. */
type CertificateName = 'valid' | 'expired' | 'other-host' | 'self-signed'

/** The path of the authority's certificate, for NODE_EXTRA_CA_CERTS and settings. */
export const CA_FILE = pathOf('ca')

/** Reads a certificate of the folder `certificates`, and its key. */
export function readCertificate(name: CertificateName): { readonly key: Buffer; readonly cert: Buffer } {
  return { key: readFileSync(pathOf('key')), cert: readFileSync(pathOf(name)) }
}

/** Returns the path of a certificate of the folder `certificates`, or of their one `key`. */
export function pathOf(name: CertificateName | 'ca' | 'key'): string {
  return fileURLToPath(new URL(`certificates/${name}.pem`, import.meta.url))
}
