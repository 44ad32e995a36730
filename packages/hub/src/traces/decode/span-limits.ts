/** Attributes, events and links that are kept of one span, of each; what senders' SDKs allow by default. */
export const maxItems = 128;

/** Characters of a text, and bytes of a binary value, that are kept. */
export const maxTextLength = 4_096;

/** Spans of one request; those beyond are refused, and the sender is told. */
export const maxSpans = 20_000;
