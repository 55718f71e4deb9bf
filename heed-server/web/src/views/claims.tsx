import { useEffect, useState } from 'preact/hooks';
import { api } from '../data/api';
import type { ClaimInfo } from '../data/types';
import { go, place } from '../state/address';
import { trouble } from '../state/running';
import { Card } from './card';

type Result = NonNullable<ClaimInfo['result']>;

/** A table of every run would be long: all of it is in the files of the result. */
const MOST_ROWS = 30;

/** What lectures claim, each with the question that a student asks and what an experiment found. */
export function Claims() {
  const [claims, setClaims] = useState<ClaimInfo[] | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    api.claims(abort.signal).then(
      (found) => setClaims(found.claims),
      (reason: Error) => { if (reason.name !== 'AbortError') trouble.value = reason.message; },
    );
    return () => abort.abort();
  }, []);
  if (!claims) return <p class="card empty">One moment …</p>;
  const chosen = claims.find(({ name }) => name === place.value.claim)
    ?? claims.find(({ result }) => result) ?? claims[0];
  return <div class="narrow">
    {chosen && <Lesson claim={chosen} />}
    <Card id="claims" title="Claims and lessons" how="What lectures say of Transformers. Each rule was written before its experiment ran; “not confirmed” is a result like any other.">
      <div class="scroll" tabIndex={0} role="region" aria-label="Claims"><table>
        <thead><tr><th scope="col">A student asks</th><th scope="col">The claim</th><th scope="col">Found</th></tr></thead>
        <tbody>{claims.map((claim) => <tr key={claim.name} class={claim === chosen ? 'chosen' : undefined}>
          <th scope="row" class="wrap"><a href={`#/claims?claim=${claim.name}`} aria-current={claim === chosen ? 'true' : undefined}
            onClick={(event) => { event.preventDefault(); go({ screen: 'claims', claim: claim.name }, true); scrollTo(0, 0); }}>{claim.question}</a></th>
          <td class="wrap">{claim.statement}</td>
          <td>{verdict(claim.result)}</td>
        </tr>)}</tbody>
      </table></div>
    </Card>
  </div>;
}

/** A quick run shows that an experiment works: the rules are for the full ones. */
const verdict = (result?: Result) => (!result ? 'not measured yet'
  : `${result.confirmed ? '✓ confirmed' : '✗ not confirmed'}${result.conditions.effort === 'quick' ? ' in a quick run' : ''}`);

function Lesson({ claim }: { claim: ClaimInfo }) {
  const { result } = claim;
  return <Card id="lesson" title={claim.question}>
    <p class="say">{claim.answer}</p>
    <p class="say"><b>The claim.</b> {claim.statement}</p>
    <p class="say"><b>Holds when.</b> {claim.rule}</p>
    {result && <p class="say"><b>Found:</b> {verdict(result)}. {result.summary}</p>}
    {!result && <p class="note">{claim.error ?? 'Not measured here yet.'} The experiment takes minutes: <code>heed claims run {claim.name}</code></p>}
    {result && Array.from({ length: result.pictures }, (_, i) => <figure class="found" key={`${claim.name}-${i}`}>
      <img src={api.pictureOf(claim.name, i + 1)} alt={`Picture ${i + 1} of what was found; its numbers are in the tables below.`} /></figure>)}
    {result?.tables.map((table) => <Numbers key={`${claim.name}-${table.name}`} table={table} />)}
    {result && <p class="how">heed claims run {claim.name} · {Object.entries(result.conditions).map(([name, value]) => `${name} ${shown(value)}`).join(', ')}</p>}
  </Card>;
}

const shown = (value: string | number | boolean) => (typeof value === 'number'
  ? value.toLocaleString('en', { maximumSignificantDigits: 4 }) : String(value));

function Numbers({ table }: { table: Result['tables'][number] }) {
  const [open, setOpen] = useState(false);
  return <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
    <summary>{table.name}, {table.rows.length} {table.rows.length === 1 ? 'row' : 'rows'}</summary>
    {open && <div class="scroll" tabIndex={0} role="region" aria-label={table.name}><table>
      {table.rows.length > MOST_ROWS && <caption>The first {MOST_ROWS} of {table.rows.length} rows; all of them are in the CSV file beside the result.</caption>}
      <thead><tr>{table.columns.map((column) => <th scope="col" key={column}>{column}</th>)}</tr></thead>
      <tbody>{table.rows.slice(0, MOST_ROWS).map((row, i) => <tr key={i}>{row.map((value, column) => <td key={column}>{shown(value)}</td>)}</tr>)}</tbody>
    </table></div>}
  </details>;
}
