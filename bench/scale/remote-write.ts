import type { Labels } from '../model.ts';

/** A series with its samples, as Prometheus' remote-write protocol carries it. */
export interface WrittenSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly value: number; readonly milliseconds: number }[];
}

/** Wire types of protocol buffers: a field's number times eight, plus how its value is written. */
const VARINT = 0;
const DOUBLE = 1;
const BYTES = 2;
const tag = (field: number, wire: number): number => field * 8 + wire;

/** A growing buffer of protocol buffer fields. */
class Writer {
  #bytes = Buffer.alloc(1 << 12);
  #length = 0;

  get content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    this.#bytes[this.#length++] = rest;
  }

  double(field: number, value: number): void {
    this.varint(tag(field, DOUBLE));
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  integer(field: number, value: number): void {
    this.varint(tag(field, VARINT));
    this.varint(value);
  }

  bytes(field: number, content: Buffer): void {
    this.varint(tag(field, BYTES));
    this.varint(content.length);
    this.#reserve(content.length);
    content.copy(this.#bytes, this.#length);
    this.#length += content.length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Snappy's block format without any compression: the length, then literals of up to 64 KiB. */
function snappy(content: Buffer): Buffer {
  const length = new Writer();
  length.varint(content.length);
  const parts: Buffer[] = [length.content];
  for (let from = 0; from < content.length; from += 65_536) {
    const literal = content.subarray(from, from + 65_536);
    const head = Buffer.alloc(3);
    head[0] = 61 << 2;
    head.writeUInt16LE(literal.length - 1, 1);
    parts.push(head, literal);
  }
  return Buffer.concat(parts);
}

/** A write request of protocol version 1. Upstream: prometheus/prometheus, prompb/remote.proto. */
function encode(series: readonly WrittenSeries[]): Buffer {
  const [request, one, part] = [new Writer(), new Writer(), new Writer()];
  for (const { labels, samples } of series) {
    one.clear();
    for (const name of Object.keys(labels).toSorted()) {
      part.clear();
      part.bytes(1, Buffer.from(name));
      part.bytes(2, Buffer.from(labels[name] ?? ''));
      one.bytes(1, part.content);
    }
    for (const { value, milliseconds } of samples) {
      part.clear();
      part.double(1, value);
      part.integer(2, milliseconds);
      one.bytes(2, part.content);
    }
    request.bytes(1, one.content);
  }
  return request.content;
}

/** Sends series to a Prometheus that runs with `--web.enable-remote-write-receiver`. Rejects with its message. */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: new Uint8Array(snappy(encode(series))),
  });
  if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
}
