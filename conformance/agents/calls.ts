import type { Protocol } from './cases.ts';

/** Traffic of one client: `rounds` times a request of so many bytes, and a response. Bounded by its caller. */
export interface Exchange {
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly request: number;
  readonly response: number;
  readonly rounds: number;
  readonly gapMs?: number;
}

/** A program to start, under a name by which it is stopped. */
export interface Launch {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file that gets its output. */
  readonly log: string;
}

/** An HTTP request. */
export interface Sent {
  readonly method?: string;
  readonly url: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Counters of one interface since it exists. */
export interface LinkCounters {
  readonly rx_bytes: number;
  readonly rx_packets: number;
  readonly tx_bytes: number;
  readonly tx_packets: number;
}

/** What the process inside a namespace is asked to do. */
export type Call =
  /** Answers at these addresses: a datagram's answer has the address that it was sent to only if that was asked for. */
  | { readonly do: 'serve'; readonly port: number; readonly addresses: readonly string[] }
  | ({ readonly do: 'exchange' } & Exchange)
  | { readonly do: 'counters' }
  | ({ readonly do: 'start' } & Launch)
  | { readonly do: 'ended' }
  | { readonly do: 'stop'; readonly names: readonly string[] }
  | ({ readonly do: 'send' } & Sent);

/** Its answer to the call of that number. */
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };
