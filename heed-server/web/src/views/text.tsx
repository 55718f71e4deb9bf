import { useRef, useLayoutEffect } from 'preact/hooks';
import { font } from '../draw/canvas';
import { csv, type Cell } from '../look/csv';
import { textPicture } from '../look/flow';
import { around } from '../look/layout';
import { greatest } from '../look/mass';
import { percent } from '../look/percent';
import { css, inkOn, of } from '../look/ramp';
import { directionOf, groupOf, label, type Group } from '../look/words';
import { at as where, choosers, crossing, info, keeps, others, shares, showsSpecial, token } from '../state/look';
import { go, place } from '../state/address';
import { colours, inks } from '../state/theme';
import { chosenText } from './saying';

export const MOST_WORDS = 400;
/** A share that would still be written as 0.0 % leaves the paper as it is. */
export const LEAST_SHARE = 0.0005;

/** The text itself: a word is chosen in it, the others are shaded by what it gives them. */
export function Text({ onMask }: { onMask?: (token: number) => void }) {
  const chosen = token.value;
  const shown = shares.value;
  const strongest = shown ? greatest(shown.shares) : 0;
  const full = place.value.scale === 'whole' ? 1 : strongest || 1;
  const shareOf = new Map(shown?.groups.map((group, i) => [group.tokens[0], shown.shares[i]]));
  const shade = (group: Group) => shareOf.get(group.tokens[0]);
  if (!crossing.value) {
    return <Words groups={choosers.value} chosen={chosen} shade={shade} full={full} onMask={onMask} label="Words of the text; arrow keys choose one" />;
  }
  const [mine, theirs] = place.value.direction === 'out' ? ['that looks', 'that is looked at'] : ['that is looked at', 'that looks'];
  return <>
    <h3>Text {mine}</h3>
    <Words groups={choosers.value} chosen={chosen} full={full} label={`Words of the text ${mine}; arrow keys choose one`} />
    <h3>Text {theirs}</h3>
    <Words groups={others.value} chosen={-1} shade={shade} full={full} label={`Words of the text ${theirs}`} />
  </>;
}

interface WordsProperties {
  groups: Group[];
  chosen: number;
  shade?: (group: Group) => number | undefined;
  full: number;
  label: string;
  onMask?: (token: number) => void;
}

function Words({ groups, chosen, shade, full, label: name, onMask }: WordsProperties) {
  const box = useRef<HTMLDivElement>(null);
  const keep = keeps.value;
  const all = groups.filter((group) => keep(group));
  const at = groupOf(all, chosen);
  const [from, to] = around(all.length, MOST_WORDS, Math.max(0, at));
  const pick = (index: number) => {
    const next = all[Math.min(all.length - 1, Math.max(0, index))];
    if (next) go({ token: next.tokens[0] });
    return next;
  };
  const focused = useRef(false);
  useLayoutEffect(() => {
    if (focused.current) box.current?.querySelector<HTMLElement>('[aria-pressed=true]')?.focus({ preventScroll: false });
    focused.current = false;
  });
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const turned = box.current && getComputedStyle(box.current).direction === 'rtl' ? -1 : 1;
    const steps: Record<string, number> = { ArrowLeft: at - turned, ArrowRight: at + turned, ArrowUp: at - 1, ArrowDown: at + 1,
      Home: 0, End: all.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      focused.current = true;
      pick(steps[event.key]);
    } else if ((event.key === 'm' || event.key === 'M') && onMask && chosen >= 0) {
      event.preventDefault();
      onMask(chosen);
    }
  };
  return <div class="tokens" dir={directionOf(all)} role="group" aria-label={name} ref={box} onKeyDown={key} tabIndex={chosen < 0 ? 0 : undefined}>
    {from > 0 && <button type="button" class="more" onClick={() => pick(from - MOST_WORDS / 2)}>… {from} words before</button>}
    {all.slice(from, to).map((group, i) => <Word key={group.tokens[0]} group={group} isChosen={from + i === at} share={shade?.(group)} full={full}
      stop={from + i === Math.max(at, from)} fixed={chosen < 0} />)}
    {to < all.length && <button type="button" class="more" onClick={() => pick(to + MOST_WORDS / 2)}>{all.length - to} words after …</button>}
  </div>;
}

function Word({ group, isChosen, share, full, stop, fixed }: { group: Group; isChosen: boolean; share?: number; full: number;
  stop: boolean; fixed: boolean }) {
  const [word, occurrence] = label(group.text);
  const shaded = share !== undefined && share > LEAST_SHARE ? of(colours.value, share / full) : null;
  const style = shaded ? { background: css(shaded), color: inkOn(shaded) } : undefined;
  const said = share === undefined ? group.text : `${group.text}: ${percent(share)}`;
  const content = <>{group.piece ? word.replace(/^##(?=.)/, '') : word}{occurrence && <sub>{occurrence}</sub>}</>;
  const name = `${group.special ? 'special ' : ''}${group.piece ? 'piece ' : ''}word`;
  if (fixed) return <span class={name} dir="auto" style={style} title={said}>{content}</span>;
  return <button type="button" class={name} dir="auto" style={style} title={said} aria-label={said} aria-pressed={isChosen}
    tabIndex={stop ? 0 : -1} onClick={() => go({ token: group.tokens[0] })}>{content}</button>;
}

/** What is shown of the text, as a picture. */
export function textAsPicture(): string {
  const shown = shares.value;
  const strongest = shown ? greatest(shown.shares) : 0;
  const full = place.value.scale === 'whole' ? 1 : strongest || 1;
  const at = new Map(shown?.groups.map((group, i) => [group.tokens[0], shown.shares[i]]));
  const side = crossing.value ? others.value : choosers.value;
  const all = side.filter(keeps.value);
  const chosen = crossing.value ? -1 : groupOf(all, token.value);
  const [from, to] = around(all.length, MOST_WORDS, Math.max(0, chosen));
  const ruler = document.createElement('canvas').getContext('2d')!;
  ruler.font = font(17);
  const { ink, accent, card } = inks.value;
  const boxes = all.slice(from, to).map((group, i) => {
    const share = at.get(group.tokens[0]) ?? 0;
    const [text, below] = label(group.text);
    return { text: group.piece ? text.replace(/^##(?=.)/, '') : text, below, colour: share > LEAST_SHARE ? of(colours.value, share / full) : null,
      said: `${group.text}: ${percent(share)}`, chosen: from + i === chosen, piece: group.piece };
  });
  const { layer, head } = where.value!;
  const title = `What “${chosenText()}” ${place.value.direction === 'out' ? 'looks at' : 'is looked at by'} in layer ${layer}, head ${head}`;
  return textPicture(boxes, { title, ink, accent, paper: card, leftward: directionOf(all) === 'rtl',
    width: (text) => ruler.measureText(text).width });
}

/** What the chosen word gives, or gets, as a table. */
export function chosenAsTable(): string {
  const shown = shares.value;
  const rows: Cell[][] = shown ? shown.groups.map((group, i) => [group.tokens[0], group.text, shown.shares[i]]) : [];
  if (shown && shown.hidden > 0) rows.push([null, 'special tokens', shown.hidden]);
  return csv(['token', `${place.value.direction === 'out' ? 'looked at by' : 'looks at'} ${chosenText()}`, 'share'], rows);
}

export function textHelp(): string {
  const chosen = chosenText();
  const shown = shares.value;
  const out = place.value.direction === 'out';
  const hidden = shown && out && !showsSpecial.value && shown.hidden > 0.005 && info.value
    ? ` ${percent(shown.hidden)} of it goes to special tokens.` : '';
  return out ? `The deeper a word’s colour, the more of its attention “\u2068${chosen}\u2069” gives to it.${hidden} Choose another word to follow it.`
    : `The deeper a word’s colour, the more of its own attention it gives to “\u2068${chosen}\u2069”. Choose another word.`;
}
