/** The page that Prometheus scrapes. */
export interface MetricsPage {
  /** Its content type. */
  readonly type: string
  /** Returns the metrics as text. @throws MetricsUnavailable when there is nothing to show for now. */
  text(): Promise<string>
}

/** Why there are no metrics for now, in words that the response may have. */
export class MetricsUnavailable extends Error {}
