/** The name of a route on every floor: `GET /orders/{id}`. */
export function httpOperationKey(method: string, path: string): string {
  return `${method.toUpperCase()} ${path}`;
}

/** The name of an event seen from one service: `send order.placed`. */
export function messageOperationKey(action: 'send' | 'receive', channel: string): string {
  return `${action} ${channel}`;
}
