import { startServer } from './server.ts';

/** Rejects with an Error that says what to do when a port of 127.0.0.1 is taken: to be told before anything that takes long. */
export async function requireFreePort(port: number): Promise<void> {
  const server = await startServer(port);
  await server.close();
}
