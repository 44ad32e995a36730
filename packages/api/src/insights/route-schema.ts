import { z } from 'zod';

const routeSchema = z.object({
  method: z.string(),
  /** `/v1/orders/{id}` */
  route: z.string(),
  /** True where an example of a pact was all there was to tell which segments vary. */
  guessed: z.boolean(),
  /** False for a pattern that a collector cannot run: its configuration leaves the route out. */
  exported: z.boolean(),
});

/** Every route that contracts name, for each method in the order in which they are tried. */
export const routesSchema = z.object({ provider: z.string(), routes: z.array(routeSchema) });

export type Routes = z.infer<typeof routesSchema>;
