import type { Shipped } from './shipped.ts';

const RULE = '-'.repeat(80);

/** The text of a licence for a package that only names it. */
const STANDARD: Readonly<Record<string, (author: string) => string>> = {
  MIT: (author) => `Copyright (c) ${author}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  'CC0-1.0': (author) =>
    `${author} has dedicated this work to the public domain: https://creativecommons.org/publicdomain/zero/1.0/legalcode`,
};

function textOf({ name, licence, author, texts }: Shipped): string {
  if (texts.length > 0) return texts.join('\n\n');
  const text = STANDARD[licence]?.(author);
  if (text === undefined)
    throw new Error(`${name} has no text of its licence (${licence}): add it to package/notice.ts`);
  return text;
}

/** The notice of the package: its own licence, and the licences of all code of others in it. Equal texts are there once. */
export function notice(packages: readonly Shipped[]): string {
  const byText = new Map<string, Shipped[]>();
  for (const one of packages) {
    const text = textOf(one);
    byText.set(text, [...(byText.get(text) ?? []), one]);
  }
  const parts = [...byText].map(([text, sharing]) => {
    const names = sharing.map(({ name, version, licence }) => `${name} ${version} (${licence})`);
    return `${RULE}\n${names.join('\n')}\n\n${text}\n`;
  });
  return `Azimuth
Copyright the Azimuth authors

Licensed under the Apache License, Version 2.0: see LICENSE.

This package contains code, fonts and icons of the packages below, under their own licences. sbom.cdx.json in dist/ lists them for
programs. Packages that npm installs beside this one carry their licences themselves.

${parts.join('\n')}`;
}
