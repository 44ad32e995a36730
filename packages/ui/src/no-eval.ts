import { config } from 'zod';

// Zod compiles the checks of an object schema with `new Function` when the schema is made, which the page's content policy
// forbids. So this module must be the first that the page loads, before any schema.
config({ jitless: true });
