/** Every attribute name that Concordat itself defines; all others come from the OpenTelemetry conventions. */
export const concordatAttributes = {
  /** Resource attribute, `true` when the process runs under contract verification: such traffic is never evidence. */
  verification: 'concordat.verification',
} as const;
