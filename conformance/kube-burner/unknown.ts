/** A document with a key that nobody knows, and where it is. */
interface Changed {
  readonly where: string;
  readonly document: unknown;
}

/** Mappings whose keys are free: labels. */
const FREE = /(^|\.)(labels|namespaceLabels|preLoadNodeLabels|matchLabels|labelSelector|nodeSelector|requests)$/;

const UNKNOWN = 'azimuthUnknown';

/** The document again and again, each time with an unknown key in another mapping. */
export function unknownKeys(document: unknown, path = ''): readonly Changed[] {
  if (Array.isArray(document)) {
    return document.flatMap((item, index) =>
      unknownKeys(item, `${path}.${index}`).map(({ where, document: changed }) => ({
        where,
        document: document.with(index, changed),
      })),
    );
  }
  if (typeof document !== 'object' || document === null || FREE.test(path)) return [];
  return [
    { where: path === '' ? 'the document' : path.slice(1), document: { ...document, [UNKNOWN]: 1 } },
    ...Object.entries(document).flatMap(([key, value]) =>
      unknownKeys(value, `${path}.${key}`).map(({ where, document: changed }) => ({
        where,
        document: { ...document, [key]: changed },
      })),
    ),
  ];
}
