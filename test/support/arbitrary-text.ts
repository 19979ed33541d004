import * as fc from 'fast-check';

/** Pieces of YAML that change the meaning of what stands around them. */
const PIECES = [
  '\n',
  '\r\n',
  '\t',
  ' ',
  '  ',
  '- ',
  ': ',
  '# ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ',',
  '|',
  '>',
  '!',
  '!!',
  '%',
  '---\n',
  '...\n',
  '? ',
  '~',
  '\uFEFF',
  '<<: ',
  '\u0000',
];

/** The text after some changes: pieces put in, parts cut out or doubled. */
export const mutatedText = (original: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat({ max: 40 }),
        fc.oneof(fc.constantFrom('', 'double', ...PIECES), fc.string({ unit: 'binary', maxLength: 5 })),
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((edits) =>
      edits.reduce((text, [where, length, piece]) => {
        const at = Math.floor(where * text.length);
        const part = text.slice(at, at + length);
        return (
          text.slice(0, at) + (piece === 'double' ? part + part : piece) + text.slice(piece === '' ? at + length : at)
        );
      }, original),
    );
