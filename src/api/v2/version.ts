import type { ApiOptions } from '../context.ts'

/** The versions that these routes serve. They differ in a few fields, and in who may ask. */
export type Version = 'v2' | 'v3'

/** The options of the plugins with the routes of one version. */
export interface VersionOptions extends ApiOptions {
  readonly version: Version
}
