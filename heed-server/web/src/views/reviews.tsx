import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Explanation, Part, Reason, Review } from '../data/types';
import { pieces } from '../look/parts';
import { figure } from '../look/percent';
import { css, inkOn, of } from '../look/ramp';
import { chosen, decide, explain, explaining, failed, loadReviews, lookInto, nameReviewer, queue, review, reviewer, said, why } from '../state/reviews';
import { colours } from '../state/theme';
import { Card } from './card';

const SNIPPET = 80;
const MOST_WORDS = 12;

/** Comments that a policy wants looked at: the queue, one of them, why it is there, and what to do. */
export function ReviewsScreen() {
  useEffect(() => { void loadReviews(); }, []);
  const all = queue.value;
  return <div class="narrow">
    <p class="hidden" role="status" aria-live="polite">{said.value}</p>
    {failed.value && <p class="note trouble" role="alert">{failed.value}</p>}
    {!all && !failed.value && <p class="card empty">One moment …</p>}
    {all && <div class="columns">
      <Queue />
      <div class="views">{review.value ? <Comment key={review.value.key} review={review.value} />
        : <p class="card">Nothing waits. <span class="quiet">A comment comes here when a score reaches the policy’s threshold for review.</span></p>}</div>
    </div>}
  </div>;
}

function Queue() {
  const { waiting, most, dropped, reviews } = queue.value!;
  const list = useRef<HTMLUListElement>(null);
  const shown = review.value?.key;
  const key = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const next = reviews[reviews.findIndex((each) => each.key === shown) + step];
    if (!next) return;
    event.preventDefault();
    chosen.value = next.key;
    list.current?.querySelector<HTMLButtonElement>(`[data-key="${next.key}"]`)?.focus();
  };
  return <Card id="queue" title={`${waiting} ${waiting === 1 ? 'waits' : 'wait'}`}
    how={`The oldest first${waiting > reviews.length ? `, ${reviews.length} of them` : ''}. At most ${most.toLocaleString('en')} are kept${
      dropped ? `; ${dropped.toLocaleString('en')} fell out` : ''}.`}
    actions={<button type="button" class="plain" onClick={() => void loadReviews()}>Look again</button>}>
    <ul class="worth waiting-list" ref={list} onKeyDown={key}>{reviews.map((each) => <li key={each.key}>
      <button type="button" data-key={each.key} aria-current={each.key === shown ? 'true' : undefined} onClick={() => { chosen.value = each.key; }}>
        <span class="snippet" dir="auto">{each.text.slice(0, SNIPPET)}</span>
        <span class="quiet">{each.decision.reasons.map(({ category, score }) => `${category} ${score.toFixed(2)}`).join(', ')} · <When time={each.time} /></span>
      </button></li>)}</ul>
  </Card>;
}

function When({ time }: { time: string }) {
  return <time dateTime={time}>{new Date(time).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}</time>;
}

function Comment({ review: shown }: { review: Review }) {
  const { decision, text } = shown;
  const known = why.value?.key === shown.key ? why.value : null;
  return <div class="views">
    <Card id="comment" title="The comment" how={<>Policy {decision.policy} says <b>{decision.advised}</b>{
      decision.action !== decision.advised && <> and, in shadow mode, <b>{decision.action}</b>s it</>}.{
      shown.language && ` Language: ${shown.language}.`}</>}
      actions={<button type="button" class="plain" onClick={() => lookInto(shown)}>Open in Explore</button>}>
      <p class="comment" dir="auto">{known ? pieces(text, known.words).map((piece, i) => <Shaded key={i} {...piece} />) : text}</p>
    </Card>
    <Decide shown={shown} />
    <Card id="why" title="Why does it wait?" how="Scores that reached a threshold of the policy, and the words that the first of them hangs on.">
      <Reasons reasons={decision.reasons} />
      <div class="controls">
        <span class="quiet">Which words? </span>
        <Ask shown={shown} by="occlusion" name="Leave each out" />
        <Ask shown={shown} by="gradients" name="Integrated gradients" />
        {explaining.value && <span class="quiet">One moment …</span>}
      </div>
      {known && <Words words={known.words} by={known.by} />}
    </Card>
  </div>;
}

function Ask({ shown, by, name }: { shown: Review; by: Explanation; name: string }) {
  const asked = why.value?.key === shown.key && why.value.by === by;
  return <button type="button" class="plain" aria-pressed={asked} disabled={explaining.value} onClick={() => void explain(shown.key, by)}>{name}</button>;
}

function Shaded({ text, share }: { text: string; share: number }) {
  if (share === 0) return <>{text}</>;
  if (share < 0) return <span class="against">{text}</span>;
  const colour = of(colours.value, share);
  return <mark style={{ background: css(colour), color: inkOn(colour) }}>{text}</mark>;
}

const HOW: Record<Explanation, string> = {
  occlusion: 'How much of the probability each word takes with it when it is left out.',
  gradients: 'What each word adds to the score (log-odds), beside a text that says nothing (Sundararajan et al. 2017).',
};

/** The accessible twin of the shading. */
function Words({ words, by }: { words: Part[]; by: Explanation }) {
  return <><p class="how">{HOW[by]} Words with − are underlined in the comment: they speak for it.</p>
  <Scrolled name="Words"><table class="sums">
    <thead><tr><th scope="col">Word</th><th scope="col">Part</th></tr></thead>
    <tbody>{words.slice(0, MOST_WORDS).map(({ text, start, part }) => <tr key={start}><th scope="row"><bdi>{text}</bdi></th>
      <td>{part > 0 ? '+' : part < 0 ? '−' : ''}{figure(Math.abs(part))}</td></tr>)}</tbody></table></Scrolled></>;
}

function Reasons({ reasons }: { reasons: Reason[] }) {
  return <Scrolled name="Reasons"><table class="sums">
    <thead><tr><th scope="col">Category</th><th scope="col">Score</th><th scope="col">Threshold</th><th scope="col">Found in</th></tr></thead>
    <tbody>{reasons.map(({ category, score, threshold, found_in: found, action }) => <tr key={category}>
      <th scope="row">{category}</th><td>{score.toFixed(3)}</td><td>{threshold.toFixed(3)} ({action})</td>
      <td>{found === 'raw' ? 'the text as written' : 'the text made plain'}</td></tr>)}</tbody></table></Scrolled>;
}

function Scrolled({ name, children }: { name: string; children: ComponentChildren }) {
  return <div class="scroll" tabIndex={0} role="region" aria-label={name}>{children}</div>;
}

function Decide({ shown }: { shown: Review }) {
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const named = reviewer.value.trim() !== '';
  const act = (action: 'allow' | 'block') => {
    setBusy(true);
    void decide(shown, action, note).finally(() => {
      setBusy(false);
      document.querySelector<HTMLButtonElement>('#queue [aria-current]')?.focus();
    });
  };
  return <Card id="decide" title="What is it?" how="What you decide is written to the log, with your name and your note, before the next comment is shown.">
    <div class="controls">
      <label>Your name <input type="text" value={reviewer.value} maxLength={100} autoComplete="off" onInput={(event) => nameReviewer(event.currentTarget.value)} /></label>
      <label class="grow">Note <input type="text" value={note} maxLength={2000} autoComplete="off" placeholder="Why (may be empty)" onInput={(event) => setNote(event.currentTarget.value)} /></label>
    </div>
    <div class="walk">
      <button type="button" class="main" disabled={!named || busy} onClick={() => act('allow')}>Allow</button>
      <button type="button" class="main" disabled={!named || busy} onClick={() => act('block')}>Block</button>
      {!named && <span class="quiet">The log needs your name first.</span>}
    </div>
  </Card>;
}
