import type { Labels } from './model.ts';

/** A value at a Unix time in milliseconds, or the marker that the series has ended by then. */
export interface WrittenSample {
  readonly value: number | 'stale';
  readonly milliseconds: number;
}

/** A series with its samples, as Prometheus' remote-write protocol carries it; the name is the label `__name__`. */
export interface WrittenSeries {
  readonly labels: Labels;
  readonly samples: readonly WrittenSample[];
}

/** The NaN by which Prometheus marks a series as ended, as two halves. Upstream: model/value, StaleNaN. */
const STALE = { low: 2, high: 0x7ff00000 } as const;

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

  double(field: number, value: number | 'stale'): void {
    this.varint(tag(field, DOUBLE));
    this.#reserve(8);
    if (value === 'stale') {
      // Not as a number: JavaScript may change the bits of a NaN.
      this.#length = this.#bytes.writeUInt32LE(STALE.low, this.#length);
      this.#length = this.#bytes.writeUInt32LE(STALE.high, this.#length);
    } else {
      this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    }
  }

  integer(field: number, value: number): void {
    this.varint(tag(field, VARINT));
    this.varint(value);
  }

  bytes(field: number, content: Buffer): void {
    this.varint(tag(field, BYTES));
    this.varint(content.length);
    this.raw(content);
  }

  /** A message of a double and an integer, written in place: there are millions of them. */
  sample(field: number, { value, milliseconds }: WrittenSample): void {
    this.varint(tag(field, BYTES));
    // Its length fits one byte, and is known only afterwards.
    const at = this.#length;
    this.varint(0);
    this.double(1, value);
    this.integer(2, milliseconds);
    this.#bytes[at] = this.#length - at - 1;
  }

  raw(content: Buffer): void {
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

const encoded = new WeakMap<Labels, Buffer>();

/** Kept for each object, as a series that is written again and again has the same labels. */
function encodedLabels(labels: Labels): Buffer {
  const known = encoded.get(labels);
  if (known !== undefined) return known;
  const [all, part] = [new Writer(), new Writer()];
  for (const name of Object.keys(labels).toSorted()) {
    part.clear();
    part.bytes(1, Buffer.from(name));
    part.bytes(2, Buffer.from(labels[name] ?? ''));
    all.bytes(1, part.content);
  }
  const content = Buffer.from(all.content);
  encoded.set(labels, content);
  return content;
}

/** A write request of protocol version 1. Upstream: prometheus/prometheus, prompb/remote.proto. */
function encode(series: readonly WrittenSeries[]): Buffer {
  const [request, one] = [new Writer(), new Writer()];
  for (const { labels, samples } of series) {
    one.clear();
    one.raw(encodedLabels(labels));
    for (const sample of samples) one.sample(2, sample);
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
