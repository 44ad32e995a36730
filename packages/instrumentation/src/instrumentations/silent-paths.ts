const healthChecks = [
  '/health',
  '/healthz',
  '/health-check',
  '/healthcheck',
  '/live',
  '/livez',
  '/liveness',
  '/ready',
  '/readyz',
  '/readiness',
  '/metrics',
];

/** Tells the URLs that make no spans: health checks and what is below them, and these paths with all below them. */
export function silentPaths(paths: readonly string[]): (url: string | null | undefined) => boolean {
  const folders = [...healthChecks, ...paths].map((path) => path.replace(/\/$/, ''));
  // Asked twice for every request, so the usual no is one look-up.
  const firstSegments = new Set(folders.map(firstSegment));
  return (url) => {
    if (url === null || url === undefined || !firstSegments.has(firstSegment(url))) return false;
    const path = url.split('?', 1)[0] ?? '';
    return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  };
}

function firstSegment(url: string): string {
  for (let end = 1; end < url.length; end += 1) {
    const character = url[end];
    if (character === '/' || character === '?') return url.slice(0, end);
  }
  return url;
}
