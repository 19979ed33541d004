import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUILD_SETTINGS } from './build-settings.ts';

/** Puts the icons of @grafana/ui where it asks for them, and makes those that its package lacks. */
export async function copyIcons(root: string, folder: string): Promise<void> {
  const from = join(root, 'node_modules', '@grafana', 'ui', 'dist', 'public', 'img', 'icons');
  const to = join(folder, 'public', 'build', 'img', 'icons');
  for (const name of BUILD_SETTINGS.icons) await cp(join(from, name), join(to, name), { recursive: true });
  for (const { name, of, transform } of BUILD_SETTINGS.mirroredIcons) {
    const svg = await readFile(join(from, `${of}.svg`), 'utf8');
    await writeFile(join(to, `${name}.svg`), svg.replace('<path ', `<path transform="${transform}" `));
  }
}
