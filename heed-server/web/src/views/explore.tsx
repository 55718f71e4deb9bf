import { computed } from '@preact/signals';
import { picture } from '../draw/cells';
import { greatest } from '../look/mass';
import { percent } from '../look/percent';
import { gradient, inkOn, of } from '../look/ramp';
import { groupOf, said } from '../look/words';
import { at, crossing, long, look, matrix, token } from '../state/look';
import { go, place } from '../state/address';
import { modelInfo, run } from '../state/running';
import { colours } from '../state/theme';
import { Card } from './card';
import { Controls } from './controls';
import { Export, file, picture as saved, served, type Item } from './export';
import { HeadsCard, ProfileCard, WorthCard } from './headcards';
import { drawn, Links } from './links';
import { LongMatrix } from './longmatrix';
import { Matrix } from './matrix';
import { Predictions } from './predictions';
import { chosenText, strongestSaid } from './saying';
import { Numbers } from './table';
import { chosenAsTable, Text, textAsPicture, textHelp } from './text';

/** Full colour of each row. */
const fulls = computed<Float32Array>(() => {
  const shown = look.value;
  if (!shown) return new Float32Array(0);
  const columns = shown.columns.length;
  return Float32Array.from(shown.rows, (_, row) => {
    if (place.value.scale === 'whole') return 1;
    if (place.value.scale === 'strongest') return shown.most || 1;
    return greatest(shown.weights.subarray(row * columns, (row + 1) * columns)) || 1;
  });
});

const cells = computed(() => {
  const shown = look.value;
  if (!shown) return null;
  const columns = shown.columns.length;
  return picture(shown.rows.length, columns, colours.value, (row, column) => shown.weights[row * columns + column] / fulls.value[row]);
});

const labels = computed(() => ({
  rows: look.value?.rows.map((group) => group.text) ?? [],
  columns: look.value?.columns.map((group) => group.text) ?? [],
}));

export function mask(chosen: number): void {
  const masked = place.value.masked;
  go({ masked: masked.includes(chosen) ? masked.filter((each) => each !== chosen) : [...masked, chosen].sort((a, b) => a - b) }, true);
}

export function Explore() {
  if (!run.value || !at.value) return null;
  return <div class="narrow">
    <TextCard />
    <Controls />
    <div class="columns">
      <aside>
        <HeadsCard />
        <ProfileCard />
        <WorthCard />
      </aside>
      <div class="views">
        <div class="pair">
          <LinksCard />
          <MatrixCard />
        </div>
        <Card id="numbers" title="Numbers"><Numbers /></Card>
      </div>
    </div>
  </div>;
}

function TextCard() {
  const canMask = modelInfo.value?.fills && run.value!.kind === 'encoder';
  const isMasked = place.value.masked.includes(token.value);
  return <Card id="text" title="Text" how={textHelp()} actions={canMask && <button type="button" class="plain" onClick={() => mask(token.value)}>
    {isMasked ? 'Unmask' : 'Mask'} “<bdi>{chosenText()}</bdi>” <kbd>M</kbd></button>}>
    <Text onMask={canMask ? mask : undefined} />
    <Expected />
  </Card>;
}

function LinksCard() {
  const count = drawn.value?.links.length ?? 0;
  return <Card id="links" title="Links" how="From each word on the left to the words it looks at on the right: the stronger a line, the more of its attention.">
    <Links />
    <label class="slider">Keep the strongest links with <output>{place.value.mass}&nbsp;%</output> of each word’s attention
      <input type="range" min="10" max="100" step="5" value={place.value.mass}
        onInput={(event) => go({ mass: Number(event.currentTarget.value) })} /></label>
    {count >= 2000 && <p class="note">Only the 2,000 strongest links are drawn.</p>}
  </Card>;
}

function MatrixCard() {
  const out = place.value.direction === 'out';
  if (long.value) return <LongMatrix actions={<Export name="this view" items={exports()} />} />;
  const shown = look.value;
  const failed = matrix.error.value;
  const hides = shown !== null && shown.hiddenShare > 0 && !crossing.value;
  return <Card id="matrix" title="Matrix" actions={<Export name="this view" items={exports()} />}
    how={<>Each row is a word that looks; the deeper a cell’s colour, the more of its attention goes to that column’s word.
      A row adds up to 100&nbsp;%{hides && ' with the share behind it, which goes to special tokens'}.</>}>
    {failed && <p class="note" role="alert">{failed}</p>}
    {shown && <Matrix name="matrix" {...labels.value}
      label={`Attention of layer ${at.value!.layer}, head ${at.value!.head} as a matrix of ${shown.rows.length} by ${shown.columns.length} words; its numbers are in the table below. Plus and minus zoom, arrow keys move.`}
      cells={(drawing, layout, view) => {
        const image = cells.value;
        if (!image) return;
        drawing.imageSmoothingEnabled = (layout.width / layout.columns) * view.k * devicePixelRatio < 1;
        drawing.drawImage(image, 0, 0, layout.width, layout.height);
      }}
      written={(row, column, small) => {
        const weight = shown.weights[row * shown.columns.length + column];
        return small || weight < 0.005 ? null : [String(Math.round(100 * weight)), inkOn(of(colours.value, weight / fulls.value[row]))];
      }}
      say={(row, column) => `${said(shown.rows[row].text)} → ${said(shown.columns[column].text)} ${percent(shown.weights[row * shown.columns.length + column])}`}
      otherwise={strongestSaid()}
      chosenRow={out ? groupOf(shown.rows, token.value) : -1} chosenColumn={out ? -1 : groupOf(shown.columns, token.value)}
      tail={hides ? (row) => [shown.hidden[row], `+${percent(shown.hidden[row])}`] : undefined}
      onPick={(row, column) => go({ token: (out ? shown.rows[row] : shown.columns[column]).tokens[0] })} />}
    <Legend most={shown?.most ?? 1} />
  </Card>;
}

function exports(): Item[] {
  const whole = !long.value;
  return [
    ...(whole ? [served('Matrix, SVG', 'matrix', 'svg'), served('Links, SVG', 'links', 'svg')] : []),
    served('All heads, SVG', 'heads', 'svg'),
    file('Text, SVG', 'svg', textAsPicture),
    saved('matrix', 'Matrix'), saved('links', 'Links'), saved('heads'),
    ...(whole ? [served('This head, CSV', 'matrix', 'csv'), served('This head, JSON', 'matrix', 'json')] : []),
    file('The chosen word, CSV', 'csv', chosenAsTable),
    served('All heads, CSV', 'heads', 'csv'), served('All heads, JSON', 'heads', 'json'),
  ];
}

export function Legend({ most }: { most: number }) {
  const { scale } = place.value;
  return <p class="legend"><span>0 %</span><span class="ramp" style={{ background: gradient(colours.value) }} />
    <span>{scale === 'row' ? 'the strongest of the row' : percent(scale === 'whole' ? 1 : most)}</span></p>;
}

/** Predictions of masked words, or of the next one. */
function Expected() {
  const { predictions, tokens } = run.value!;
  if (!predictions?.at.length) return null;
  const fill = predictions.kind === 'fill';
  const shown = fill ? predictions : { ...predictions, at: predictions.at.slice(-1) };
  return <section class="expected" aria-labelledby="expected-title">
    <h2 id="expected-title">{fill ? 'What the model expects there' : 'What the model expects next'}</h2>
    <Predictions said={shown} tokens={(side) => tokens[side] ?? []} />
  </section>;
}
