import {
  locationUtil,
  setTimeZoneResolver,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  TransformerCategory,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { standardProperties } from './field-properties.ts';

/** The transformations that Grafana publishes, each once. */
const transformers = [...new Map(Object.values(standardTransformers).map((each) => [each.id, each])).values()];

/** Ids of the transformations that the page can run. */
export const transformationIds: readonly string[] = transformers.map(({ id }) => id);

/** Fills what Grafana's components expect of the application around them. Once, before anything is drawn. */
export async function setUpGrafana(): Promise<void> {
  await initPluginTranslations('grafana', []);
  setTimeZoneResolver(() => 'utc');
  standardFieldConfigEditorRegistry.setInit(standardProperties);
  standardTransformersRegistry.setInit(() =>
    transformers.map((transformer) => ({
      id: transformer.id,
      name: transformer.name,
      description: transformer.description ?? '',
      imageDark: '',
      imageLight: '',
      categories: new Set([TransformerCategory.Reformat]),
      editor: () => null,
      transformation: () => Promise.resolve(transformer),
    })),
  );
  locationUtil.initialize({
    config: { appSubUrl: '' } as Parameters<typeof locationUtil.initialize>[0]['config'],
    // Links bring time and variables by their macros, which data/links.ts fills in.
    getTimeRangeForUrl: () => ({ from: '', to: '' }),
    getVariablesUrlParams: () => ({}),
  });
}
