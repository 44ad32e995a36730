export interface AuditConfig {
  readonly retentionHours: number;
  /** How many proxies before the hub add to X-Forwarded-For; with none the header is not believed. */
  readonly trustedProxies: number;
}
