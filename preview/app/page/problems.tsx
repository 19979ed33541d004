import type { PageProblem } from '../model/page-state.ts';

/** What is wrong, above everything else; nothing when nothing is. */
export function Problems({ title, problems }: { readonly title: string; readonly problems: readonly PageProblem[] }) {
  if (problems.length === 0) return null;
  return (
    <section className="azimuth-problems" role="alert">
      <strong>{title}</strong>
      <ul>
        {problems.map(({ panel, message }) => (
          <li key={`${panel ?? ''} ${message}`}>
            {panel !== null && <strong>{panel}: </strong>}
            {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
