import { messageOf as plainMessage } from '../generators/index.ts';

/** What an error says, without its stack; the cause as well where fetch only says that it failed. */
export function messageOf(error: unknown): string {
  const message = plainMessage(error);
  const { cause } = (error ?? {}) as { readonly cause?: unknown };
  return message === 'fetch failed' && cause !== undefined ? `${message}: ${plainMessage(cause)}` : message;
}
