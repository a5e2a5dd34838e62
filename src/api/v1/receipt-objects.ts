// The wire objects of `/receipt` and `/create`: those of v1, with the names that the reference server's current v1 document
// adds. All other paths keep to the older names, because strict clients reject unknown fields. Source: docs/api/v1.md
// section 4.
import { described, flag, list, object, text, type Wire, whole } from '../wire.ts'
import { createdSchema, metadataSchema } from './wire-objects.ts'

const names = {
  identifier: described(text, '`metadata_key`.'),
  secret_identifier: described(text, '`secret_key`; absent where that is absent.'),
  has_passphrase: described(flag, '`passphrase_required`.'),
  recipients: described(list(text), '`recipient`.'),
  receipt_ttl: described(whole, '`metadata_ttl`.'),
  receipt_url: described(text, "The address of the sender's page."),
  metadata_url: described(text, '`receipt_url`.'),
} as const

const ALWAYS = [
  'identifier',
  'has_passphrase',
  'recipients',
  'receipt_ttl',
  'receipt_url',
  'metadata_url',
] as const

/** The Metadata object with the added names. */
export const receiptSchema = {
  title: 'Receipt',
  ...object({ ...metadataSchema.properties, ...names }, [...metadataSchema.required, ...ALWAYS]),
}
export type Receipt = Wire<typeof receiptSchema>

/** The response of `create`. */
export const createdReceiptSchema = {
  title: 'CreatedReceipt',
  ...object({ ...createdSchema.properties, ...names }, [
    ...createdSchema.required,
    ...ALWAYS,
    'secret_identifier',
  ]),
}
export type CreatedReceipt = Wire<typeof createdReceiptSchema>

/** The response of `/receipt/recent`. */
export const receiptListSchema = list(receiptSchema)

/** The response to a burn under `/receipt`. */
export const burnedReceiptSchema = object({ state: receiptSchema, secret_shortkey: text }, [
  'state',
  'secret_shortkey',
])
