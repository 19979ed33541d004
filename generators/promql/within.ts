import { parser } from '@prometheus-io/lezer-promql';
import { Query } from './query.ts';
import { matcherList, type Matchers } from './selector.ts';

/**
 * The query with more conditions in each of its selectors, so that it reads a part of the series.
 * @example within(promql`a / on (cluster) b{c="d"}`, { cluster: 'prod' }) // a{cluster="prod"} / on (cluster) b{c="d", cluster="prod"}
 */
export function within(query: Query, matchers: Matchers): Query {
  const list = matcherList(matchers);
  const edits: { readonly from: number; readonly to: number; readonly text: string }[] = [];
  parser.parse(query.text).iterate({
    enter: ({ node }) => {
      if (node.name !== 'VectorSelector') return;
      const braces = node.getChild('LabelMatchers');
      if (braces === null) {
        edits.push({ from: node.to, to: node.to, text: `{${list}}` });
        return;
      }
      // Between the braces, without a comma at the end.
      const [from, to] = [braces.from + 1, braces.to - 1];
      const kept = query.text.slice(from, to).trimEnd().replace(/,$/, '');
      edits.push({ from: from + kept.length, to, text: kept.trim() === '' ? list : `, ${list}` });
    },
  });
  const text = edits.reduceRight(
    (whole, edit) => whole.slice(0, edit.from) + edit.text + whole.slice(edit.to),
    query.text,
  );
  return new Query(text);
}
