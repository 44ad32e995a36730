/** Providers before their consumers; what depends on each other in a circle keeps the order it came in. */
export function dependencyOrder<T extends { readonly name: string }>(
  services: readonly T[],
  dependenciesOf: (service: T) => readonly string[],
): readonly T[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const ordered = new Set<T>();
  const visiting = new Set<string>();
  const visit = (service: T): void => {
    if (visiting.has(service.name)) return;
    visiting.add(service.name);
    for (const name of dependenciesOf(service)) {
      const dependency = byName.get(name);
      if (dependency !== undefined) visit(dependency);
    }
    ordered.add(service);
  };
  for (const service of services) visit(service);
  return [...ordered];
}
