import { makeCatalogue } from '../build/index.ts';
import { explainer, type Explanation } from '../explain/index.ts';
import { nearestNames } from '../schema/problems.ts';
import { redactUrl } from '../schema/urls.ts';
import { buildFor, type Flags, type Io } from './context.ts';
import { explanationText } from './explain/text.ts';
import { runbookOf } from './explain/runbook.ts';

/** An explanation with the start of the runbook, where there is one. */
const withRunbook = (explanation: Explanation): Explanation & { readonly runbook?: ReturnType<typeof runbookOf> } => {
  const isAlert = explanation.kind === 'alert' || explanation.kind === 'left out';
  const runbook = isAlert ? runbookOf(explanation.name) : undefined;
  return { ...explanation, ...(runbook !== undefined && { runbook }) };
};

/** Explains one name: a record, an alert, a panel, a dashboard, a metric, a setting or an artifact. */
export async function explainCommand(io: Io, flags: Flags): Promise<number> {
  const { operand: name = '' } = flags;
  const { found, known } = explainer(await buildFor(io, flags), makeCatalogue())(name);
  if (found.length === 0) {
    const near = nearestNames(name, known);
    const hint =
      near.length > 0
        ? `did you mean ${near.join(', ')}?`
        : 'expected a record, an alert, a panel, a metric or an artifact that azimuth list shows, or a setting';
    io.stderr(`azimuth: nothing here is called ${redactUrl(name)}: ${hint}\n`);
    if (flags.json) io.stdout(`${JSON.stringify({ explanations: [], nearest: near }, null, 2)}\n`);
    return 1;
  }
  const explanations = found.map(withRunbook);
  io.stdout(
    flags.json
      ? `${JSON.stringify({ explanations }, null, 2)}\n`
      : `${explanations.map((one) => explanationText(one, one.runbook)).join('\n\n')}\n`,
  );
  return 0;
}
