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
  return (url) => {
    if (url === null || url === undefined) return false;
    const path = url.split('?', 1)[0] ?? '';
    return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  };
}
