export { identities, type ServiceName } from './identities.ts';
