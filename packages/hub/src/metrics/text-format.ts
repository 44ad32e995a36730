import { Registry } from 'prom-client';

export interface MetricsText {
  readonly type: string;
  readonly text: string;
}

const OPENMETRICS: string = Registry.OPENMETRICS_CONTENT_TYPE;
const PROMETHEUS: string = Registry.PROMETHEUS_CONTENT_TYPE;

/** Which text format an Accept header asks for; undefined when it names neither. A scraper that takes both gets exemplars. */
export function textFormatFor(accept: string): 'openmetrics' | 'prometheus' | undefined {
  if (accept.includes('application/openmetrics-text')) {
    return 'openmetrics';
  }
  return accept.includes('text/plain') ? 'prometheus' : undefined;
}

/** The registry writes OpenMetrics only, because a written counter keeps the name it was first written under. */
export function inFormat(openMetrics: string, format: 'openmetrics' | 'prometheus'): MetricsText {
  return format === 'openmetrics'
    ? { type: OPENMETRICS, text: openMetrics }
    : { type: PROMETHEUS, text: toPrometheus(openMetrics) };
}

/** The older format has no exemplars and no end mark, and names a counter with its suffix in the head as well. */
function toPrometheus(openMetrics: string): string {
  const lines: string[] = [];
  const counters = new Set(
    [...openMetrics.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name]) => name),
  );
  for (const line of openMetrics.split('\n')) {
    const head = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (head !== null) {
      const [, word, name, rest] = head;
      lines.push(`# ${word} ${name}${counters.has(name) ? '_total' : ''} ${rest}`);
    } else if (line !== '# EOF') {
      lines.push(line.replace(/ # \{[^}]*\} \S+ \S+$/, ''));
    }
  }
  return lines.join('\n');
}
