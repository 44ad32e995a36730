import type { IncomingMessage } from 'node:http';
import type { Role } from './credentials.ts';

/** Who makes a request: a user by name, a token by its description (never its text), or nobody in particular. */
export interface Actor {
  readonly kind: 'user' | 'token' | 'anonymous';
  readonly name: string;
  readonly role: Role;
}

const anonymous: Actor = { kind: 'anonymous', name: 'anonymous', role: 'admin' };
const actors = new WeakMap<object, Actor>();

/** Notes who the guard found behind a request's credentials. */
export function rememberActor(request: object, actor: Actor): void {
  actors.set(request, actor);
}

/** Who makes a request that the guard has let through; anonymous where it asked for no credentials. */
export function actorOf(request: IncomingMessage): Actor {
  return actors.get(request) ?? anonymous;
}
