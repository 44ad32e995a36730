import type { Scene, SentSpans } from './scene.ts';

type Traffic = readonly SentSpans[];

/** The same spans as another clock would tell them. */
export function shifted(traffic: Traffic, millis: number): Traffic {
  return changed(traffic, (span) => ({
    ...span,
    startTimeUnixNano: later(span.startTimeUnixNano, millis),
    endTimeUnixNano: later(span.endTimeUnixNano, millis),
  }));
}

/** One call of which the provider's clock goes wrong. */
export function skewed(scene: Scene, request: string, millis: number): Traffic {
  const [client, server] = scene.sees(request);
  return [client, server].flatMap((half, index) =>
    half === undefined ? [] : index === 0 ? [half] : shifted([half], millis),
  );
}

const OLD_NAMES: Readonly<Record<string, string>> = {
  'http.request.method': 'http.method',
  'http.response.status_code': 'http.status_code',
  'url.path': 'http.target',
  'url.full': 'http.url',
  'server.address': 'net.peer.name',
};

/** The same spans in the semantic conventions of before 1.20. */
export function inOldNames(traffic: Traffic): Traffic {
  return changed(traffic, (span) => ({
    ...span,
    attributes: attributesOf(span).map((one) => ({ ...one, key: OLD_NAMES[one.key] ?? one.key })),
  }));
}

interface Attribute {
  readonly key: string;
  readonly value: object;
}

type OtlpSpan = SentSpans['spans'][number];

function attributesOf(span: OtlpSpan): readonly Attribute[] {
  return span.attributes as readonly Attribute[];
}

function changed(traffic: Traffic, change: (span: OtlpSpan) => OtlpSpan): Traffic {
  return traffic.map(({ sender, spans }) => ({ sender, spans: spans.map(change) }));
}

function later(nanos: unknown, millis: number): string {
  return String(BigInt(String(nanos)) + BigInt(millis) * 1_000_000n);
}
