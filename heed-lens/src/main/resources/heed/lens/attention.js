// Draws what AttentionHtml wrote into this page: the tokens and all heads' weights. No requests, no libraries.
(() => {
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const n = data.tokens.length;
const special = new Set(data.special);
const words = new Set(data.words);
const darkQuery = matchMedia('(prefers-color-scheme: dark)');

const MOST_LINES = 2000;  // more are neither seen nor drawn in time
const MOST_WORDS = 80;    // in Links and Numbers; longer texts show a part
const WEAK = 0.0005;      // a tenth of what rounds to 1 %

const element = id => document.getElementById(id);
const percent = part => {
  const rounded = Math.round(100 * part);
  return (rounded === 0 && part > 0 ? '<1' : rounded) + '\u00a0%';
};

function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// A label is a word and, where the word occurs more than once, its occurrence in subscript digits.
function parts(token) {
  const [, word, occurrence] = /^(.*?)([₀-₉]*)$/s.exec(data.tokens[token]);
  return word ? [word, occurrence.replace(/./g, digit => digit.charCodeAt(0) - 0x2080)] : [occurrence, ''];
}

// A word for the middle of a sentence: isolated, so that one written from right to left turns only itself.
const name = token => `\u2068${data.tokens[token]}\u2069`;
const linkSaid = (query, key, weight) => `${name(query)} → ${name(key)} ${percent(weight)}`;

function labelled(token) {
  const [word, occurrence] = parts(token);
  return occurrence ? [word, make('sub', {}, occurrence)] : [word];
}

// ---- weights ----------------------------------------------------------------------------------------------------

const store = (() => {
  const text = atob(element('weights').textContent.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const view = new DataView(bytes.buffer);
  const values = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++) values[i] = view.getUint16(2 * i, true);
  return values;
})();

const share = bits => bits / 65535;

// All weights of a head lie in the store, or for a long text only the strongest `kept` of each row: first all
// keys, then all weights.
function eachWeight(layer, head, visit) {
  const row = (layer * data.heads + head) * n;
  if (!data.kept) {
    for (let i = 0, at = row * n; i < n; i++) for (let j = 0; j < n; j++, at++) visit(i, j, share(store[at]));
    return;
  }
  const values = data.layers * data.heads * n * data.kept;
  for (let i = 0, at = row * data.kept; i < n; i++) {
    for (let k = 0; k < data.kept; k++, at++) visit(i, store[at], share(store[values + at]));
  }
}

const recent = new Map();
function headWeights(layer, head) {
  const key = layer * data.heads + head;
  if (!recent.has(key)) {
    if (recent.size >= 8) recent.delete(recent.keys().next().value);
    const weights = new Float32Array(n * n);
    eachWeight(layer, head, (i, j, weight) => { weights[i * n + j] = weight; });
    recent.set(key, weights);
  }
  return recent.get(key);
}

// ---- state, kept in the address ---------------------------------------------------------------------------------

const state = {layer: data.best[0], head: data.best[1], token: 0, direction: 'out', special: false, least: 5,
  scale: 'strongest'};
let weights = new Float32Array(0);
let preview = -1;  // the word under the pointer

function between(text, least, most, otherwise) {
  const value = Number.parseInt(text, 10);
  return value >= least && value <= most ? value : otherwise;
}

function readAddress() {
  const address = new URLSearchParams(location.hash.slice(1));
  state.layer = between(address.get('layer'), 0, data.layers - 1, data.best[0]);
  state.head = between(address.get('head'), 0, data.heads - 1, data.best[1]);
  state.direction = address.get('direction') === 'in' ? 'in' : 'out';
  state.special = special.size === n || address.get('special') === 'shown';
  state.least = between(address.get('least'), 0, 50, 5);
  state.scale = ['strongest', 'whole', 'row'].includes(address.get('scale')) ? address.get('scale') : 'strongest';
  weights = headWeights(state.layer, state.head);
  state.token = between(address.get('token'), 0, n - 1, tellingWord(state.layer, state.head)[0]);
  if (!state.special && special.has(state.token)) state.token = nextShown(state.token, 1);
}

function writeAddress() {
  const address = new URLSearchParams({layer: state.layer, head: state.head, token: state.token});
  if (state.direction === 'in') address.set('direction', 'in');
  if (state.special && special.size < n) address.set('special', 'shown');
  if (state.least !== 5) address.set('least', state.least);
  if (state.scale !== 'strongest') address.set('scale', state.scale);
  try {
    history.replaceState(null, '', '#' + address);
  } catch {
    // Some viewers of local files forbid it; the page works without.
  }
}

function change(changes) {
  Object.assign(state, changes);
  if (!state.special && special.has(state.token)) {
    state.token = nextShown(state.token, 1);
  }
  preview = -1;
  weights = headWeights(state.layer, state.head);
  writeAddress();
  draw();
}

function shownTokens() {
  return data.tokens.map((_, i) => i).filter(i => state.special || !special.has(i));
}

function nextShown(token, step) {
  for (let i = token + step; i >= 0 && i < n; i += step) if (state.special || !special.has(i)) return i;
  return state.special || !special.has(token) ? token : shownTokens()[0];
}

// As many tokens as can be shown at a time, around the chosen one.
function part(tokens) {
  if (tokens.length <= MOST_WORDS) return tokens;
  const centre = Math.max(0, tokens.indexOf(state.token));
  const start = Math.min(Math.max(0, centre - MOST_WORDS / 2), tokens.length - MOST_WORDS);
  return tokens.slice(start, start + MOST_WORDS);
}

function say(id, sentence) {
  element(id).textContent = sentence;
  element(id).hidden = !sentence;
}

const partSaid = (shown, all) => shown.length === all.length ? ''
  : `Shown are ${shown.length} of ${all.length} words, around the chosen one.`;

// The strongest link between two words that are not neighbours: [query, key, weight].
function tellingWord(layer, head) {
  let best = [data.words[0] ?? 0, -1, 0];
  eachWeight(layer, head, (i, j, weight) => {
    if (weight > best[2] && Math.abs(i - j) > 1 && words.has(i) && words.has(j)) best = [i, j, weight];
  });
  return best;
}

const given = (query, key) => weights[query * n + key];
const linkOf = (token, other) => state.direction === 'out' ? given(token, other) : given(other, token);
const onSpecial = query => data.special.reduce((sum, key) => sum + given(query, key), 0);

function most(tokens) {
  let highest = 0;
  for (const i of tokens) for (const j of tokens) highest = Math.max(highest, given(i, j));
  return highest;
}

// ---- colours ----------------------------------------------------------------------------------------------------

const ramp = () => darkQuery.matches ? data.ramp.dark : data.ramp.light;
const colour = share => ramp()[Math.round(Math.min(1, Math.max(0, share)) * (ramp().length - 1))];
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function channels(hex) {
  return [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16));
}

// Black or white, whichever has more contrast (WCAG 2).
function inkOn(hex) {
  const [red, green, blue] = channels(hex).map(value => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

function fullColour(tokens) {
  return state.scale === 'whole' ? 1 : most(tokens) || 1;
}

// ---- head map ---------------------------------------------------------------------------------------------------

const TARGETS = ['other words', data.specialNames, 'the word itself', 'the word before', 'the word after'];
const profileOf = (layer, head) => data.profiles[layer * data.heads + head];

function mostly(layer, head) {
  const shares = profileOf(layer, head).slice(0, 5);
  const at = shares.indexOf(Math.max(...shares));
  return `mostly on ${TARGETS[at]}, ${percent(shares[at])}`;
}

const cellOf = (layer, head) => element('heads').querySelector(`[data-layer="${layer}"][data-head="${head}"]`);

function buildHeads() {
  const grid = element('heads');
  grid.style.setProperty('--heads', data.heads);
  grid.setAttribute('role', 'grid');
  grid.setAttribute('aria-label', 'Heads by layer; arrow keys choose one');
  const numbers = make('div', {role: 'row', 'aria-hidden': 'true'}, make('span', {class: 'number'}));
  for (let head = 0; head < data.heads; head++) numbers.append(make('span', {class: 'number'}, String(head)));
  grid.append(numbers);
  for (let layer = 0; layer < data.layers; layer++) {
    const row = make('div', {role: 'row'}, make('span', {class: 'number', 'aria-hidden': 'true'}, String(layer)));
    for (let head = 0; head < data.heads; head++) {
      const name = `Layer ${layer}, head ${head}: ${mostly(layer, head)}`;
      row.append(make('div', {role: 'gridcell', tabindex: -1, title: name, 'aria-label': name, 'data-layer': layer,
        'data-head': head}, make('canvas', {'aria-hidden': 'true'})));
    }
    grid.append(row);
  }
  grid.addEventListener('click', event => {
    const cell = event.target.closest('[role=gridcell]');
    if (cell) change({layer: Number(cell.dataset.layer), head: Number(cell.dataset.head)});
  });
  grid.addEventListener('keydown', event => {
    const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0],
      Home: [0, -data.heads], End: [0, data.heads]}[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const layer = Math.min(data.layers - 1, Math.max(0, state.layer + step[0]));
    const head = Math.min(data.heads - 1, Math.max(0, state.head + step[1]));
    change({layer, head});
    cellOf(layer, head).focus();
  });
}

// Tiles are pooled by the maximum, so that a single strong link of a long text is still seen. Special tokens are
// left out as in the other views, and each tile is scaled by its own strongest weight.
function drawTiles() {
  const tokens = shownTokens();
  const place = new Int32Array(n).fill(-1);
  tokens.forEach((token, at) => { place[token] = at; });
  const size = Math.min(tokens.length, 40);
  const colours = ramp().map(channels);
  for (const cell of element('heads').querySelectorAll('[role=gridcell]')) {
    const pooled = new Float32Array(size * size);
    let highest = 0;
    eachWeight(Number(cell.dataset.layer), Number(cell.dataset.head), (i, j, weight) => {
      if (place[i] < 0 || place[j] < 0) return;
      const at = Math.floor(place[i] * size / tokens.length) * size + Math.floor(place[j] * size / tokens.length);
      if (weight > pooled[at]) pooled[at] = weight;
      if (weight > highest) highest = weight;
    });
    const canvas = cell.firstChild;
    canvas.width = canvas.height = size;
    const image = new ImageData(size, size);
    pooled.forEach((weight, at) => {
      const level = highest > 0 ? Math.round(weight / highest * (colours.length - 1)) : 0;
      image.data.set([...colours[level], 255], 4 * at);
    });
    canvas.getContext('2d').putImageData(image, 0, 0);
  }
}

let tilesDrawnFor = '';
function drawHeads() {
  const wanted = `${state.special} ${darkQuery.matches}`;
  if (wanted !== tilesDrawnFor) drawTiles();
  tilesDrawnFor = wanted;
  for (const cell of element('heads').querySelectorAll('[role=gridcell]')) {
    const chosen = Number(cell.dataset.layer) === state.layer && Number(cell.dataset.head) === state.head;
    cell.setAttribute('aria-selected', chosen);
    cell.tabIndex = chosen ? 0 : -1;
  }
  element('head-title').textContent = `Layer ${state.layer}, head ${state.head}`;
  const profile = profileOf(state.layer, state.head);
  element('profile').replaceChildren(...TARGETS.flatMap((target, at) => target === '' ? [] : [
    make('span', {}, target),
    make('span', {class: 'bar', 'aria-hidden': 'true'}, bar(profile[at])),
    make('span', {class: 'share'}, percent(profile[at]))]));
}

function bar(share) {
  const filled = make('i');
  filled.style.width = `${100 * share}%`;
  return filled;
}

function buildWorth() {
  for (const [layer, head] of data.worth) {
    const [query, key, weight] = tellingWord(layer, head);
    if (key < 0) continue;
    element('worth').append(make('li', {}, make('button', {type: 'button', 'data-layer': layer, 'data-head': head,
      onclick: () => change({layer, head, token: query, direction: 'out'})},
      make('b', {}, `Layer ${layer}, head ${head}`),
      make('span', {class: 'quiet'}, linkSaid(query, key, weight)))));
  }
  if (!element('worth').children.length) {
    element('worth').append(make('li', {class: 'quiet'}, 'None for this text.'));
  }
}

function drawWorth() {
  for (const button of element('worth').querySelectorAll('button')) {
    const chosen = Number(button.dataset.layer) === state.layer && Number(button.dataset.head) === state.head;
    button.setAttribute('aria-current', chosen);
  }
}

// ---- controls ---------------------------------------------------------------------------------------------------

function buildControls() {
  for (const button of document.querySelectorAll('[data-direction]')) {
    button.addEventListener('click', () => change({direction: button.dataset.direction}));
  }
  element('special-control').hidden = special.size === 0 || special.size === n;
  element('special-names').textContent = data.specialNames;
  element('hide-special').addEventListener('change', event => change({special: !event.target.checked}));
  element('scale').addEventListener('change', event => change({scale: event.target.value}));
  element('least').addEventListener('input', event => change({least: Number(event.target.value)}));
}

function drawControls() {
  for (const button of document.querySelectorAll('[data-direction]')) {
    button.setAttribute('aria-pressed', button.dataset.direction === state.direction);
  }
  element('hide-special').checked = !state.special;
  element('special-share').textContent = `(${percent(profileOf(state.layer, state.head)[1])} of this head’s attention)`;
  element('scale').value = state.scale;
  element('least').value = state.least;
  element('least-value').textContent = percent(state.least / 100);
}

// ---- words as buttons -------------------------------------------------------------------------------------------

// Shows words for a moment as if the one under the pointer had been chosen.
function wordButton(token, classes, shows) {
  return make('button', {type: 'button', class: classes, dir: 'auto', 'data-token': token, tabindex: -1,
    onclick: () => change({token}),
    onpointerenter: event => { if (event.pointerType === 'mouse') look(token); },
    onpointerleave: () => look(-1)}, ...shows);
}

function look(token) {
  if (preview === token) return;
  preview = token;
  shadeText();
  drawLines();
}

const chosen = () => preview < 0 ? state.token : preview;

// One stop of the tab key per group; arrow keys choose within it.
function withArrowKeys(group) {
  group.addEventListener('keydown', event => {
    const step = {ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1}[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    change({token: nextShown(state.token, step)});
    group.querySelector(`[data-token="${state.token}"]`)?.focus();
  });
}

function fill(group, tokens, make) {
  const key = tokens.join();
  if (group.dataset.filled !== key) {
    group.dataset.filled = key;
    group.replaceChildren(...tokens.flatMap(make));
  }
  for (const button of group.querySelectorAll('button')) {
    const isChosen = Number(button.dataset.token) === state.token;
    button.tabIndex = isChosen ? 0 : -1;
    if (isChosen) bringIntoView(group.closest('.tall, .tokens'), button.offsetTop, button.offsetHeight);
  }
}

// Scrolls the box only, never the page.
function bringIntoView(box, top, height) {
  if (top < box.scrollTop || top + height > box.scrollTop + box.clientHeight) {
    box.scrollTop = Math.max(0, top + height / 2 - box.clientHeight / 2);
  }
}

// ---- text -------------------------------------------------------------------------------------------------------

const MOST_TEXT = 600;

function drawText() {
  const all = shownTokens();
  const around = Math.min(Math.max(0, all.indexOf(state.token) - MOST_TEXT / 2), Math.max(0, all.length - MOST_TEXT));
  fill(element('text'), all.slice(around, around + MOST_TEXT), token => {
    const [word] = parts(token);
    const piece = word.startsWith('##') && word.length > 2;
    const shows = labelled(token);
    if (piece) shows[0] = word.slice(2);
    const button = wordButton(token, special.has(token) ? 'special' : piece ? 'piece' : '', shows);
    return piece ? [button] : [' ', button];
  });
  shadeText();
}

function shadeText() {
  const token = chosen();
  const shown = shownTokens();
  let highest = 0;
  for (const other of shown) highest = Math.max(highest, linkOf(token, other));
  const full = state.scale === 'whole' ? 1 : highest || 1;
  for (const button of element('text').querySelectorAll('button')) {
    const other = Number(button.dataset.token);
    const shade = colour(linkOf(token, other) / full);
    button.style.background = shade;
    button.style.color = inkOn(shade);
    button.title = sentence(token, other);
    button.setAttribute('aria-pressed', other === token);
  }
  const darker = darkQuery.matches ? 'brighter' : 'darker';
  const looker = `“${name(token)}”`;
  const hidden = state.special || !special.size ? '' : ` ${percent(onSpecial(token))} of it goes to ${data.specialNames}.`;
  element('text-how').textContent = state.direction === 'out'
    ? `The ${darker} a word, the more of its attention ${looker} gives to it.${hidden} Choose another word to follow it.`
    : `The ${darker} a word, the more of its own attention it gives to ${looker}. Choose another word to follow it.`;
}

function sentence(token, other) {
  const [query, key] = state.direction === 'out' ? [token, other] : [other, token];
  return linkSaid(query, key, given(query, key));
}

// ---- links ------------------------------------------------------------------------------------------------------

const ROW = 26;

// Both columns show the same part of a long text, the other one also the chosen word's strongest partners.
function sides() {
  const tokens = part(shownTokens());
  const partners = [...new Set([...tokens, ...strongestOf(state.token, 10)])].sort((a, b) => a - b);
  return state.direction === 'out' ? [tokens, partners] : [partners, tokens];
}

function drawLinks() {
  element('links').style.setProperty('--row', `${ROW}px`);
  const [lookers, lookedAt] = sides();
  fill(element('lookers'), lookers, token => [wordButton(token, '', labelled(token))]);
  fill(element('looked-at'), lookedAt, token => [wordButton(token, '', labelled(token))]);
  drawLines();
}

function canvasOf(id, width, height) {
  const canvas = element(id);
  const density = Math.min(devicePixelRatio || 1, 2, 8000 / Math.max(width, height));
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.height = `${height}px`;
  const drawing = canvas.getContext('2d');
  drawing.scale(density, density);
  return drawing;
}

function drawLines() {
  const [lookers, lookedAt] = sides();
  const width = element('lines').clientWidth || 200;
  const drawing = canvasOf('lines', width, Math.max(lookers.length, lookedAt.length) * ROW);
  const token = chosen();
  const least = Math.max(WEAK, state.least / 100);
  const isChosen = line => (state.direction === 'out' ? line.query : line.key) === token;
  let lines = [];
  lookers.forEach((query, from) => lookedAt.forEach((key, to) => {
    const weight = given(query, key);
    if (weight >= least) lines.push({query, key, from, to, weight});
  }));
  lines.sort((a, b) => a.weight - b.weight);
  const found = lines.length;
  lines = lines.filter((line, at) => at >= found - MOST_LINES || isChosen(line));
  lines.sort((a, b) => isChosen(a) - isChosen(b) || a.weight - b.weight);
  const accent = css('--accent');
  const idle = css('--idle');
  for (const line of lines) {
    const strong = isChosen(line);
    const y1 = (line.from + 0.5) * ROW;
    const y2 = (line.to + 0.5) * ROW;
    drawing.globalAlpha = strong ? 0.25 + 0.75 * line.weight : 0.05 + 0.5 * line.weight;
    drawing.strokeStyle = strong ? accent : idle;
    drawing.lineWidth = 1 + 5 * line.weight;
    drawing.beginPath();
    drawing.moveTo(0, y1);
    drawing.bezierCurveTo(width * 0.4, y1, width * 0.6, y2, width, y2);
    drawing.stroke();
  }
  const ends = lines.filter(isChosen).map(line => state.direction === 'out' ? line.key : line.query);
  const chosenSide = element(state.direction === 'out' ? 'lookers' : 'looked-at');
  for (const id of ['lookers', 'looked-at']) {
    const isChosenSide = element(id) === chosenSide;
    for (const button of element(id).querySelectorAll('button')) {
      const other = Number(button.dataset.token);
      button.setAttribute('aria-pressed', isChosenSide && other === token);
      button.style.background = !isChosenSide && ends.includes(other) ? css('--wash') : '';
    }
  }
  const dropped = found > lines.length ? `Of ${found} lines the ${lines.length} strongest are drawn. ` : '';
  const all = shownTokens();
  say('links-note', dropped + partSaid(part(all), all));
}

// ---- matrix -----------------------------------------------------------------------------------------------------

let grid = {left: 0, top: 0, cell: 1, tokens: []};

function drawMatrix() {
  const tokens = shownTokens();
  const available = element('matrix-scroll').clientWidth || 320;
  const measure = element('matrix').getContext('2d');
  const font = size => `${size}px system-ui, sans-serif`;
  measure.font = font(13);
  const names = tokens.map(token => data.tokens[token]);
  const widest = Math.min(96, Math.max(...names.map(name => measure.measureText(name).width)));
  const hides = !state.special && special.size > 0;
  const tail = hides ? 54 : 4;
  let left = Math.ceil(widest) + 8;
  let cell = Math.floor((available - left - tail) / tokens.length);
  const readable = cell >= 11 || tokens.length <= 60;
  if (readable) {
    cell = Math.min(30, Math.max(14, cell));
  } else {
    left = 4;
    cell = Math.max(tokens.length > 700 ? 1 : tokens.length > 300 ? 2 : 4,
      Math.floor((available - left - tail) / tokens.length));
  }
  const size = cell * tokens.length;
  const slant = Math.PI / 180 * 55;
  const top = readable ? Math.ceil(widest * Math.sin(slant)) + 16 : 4;
  const over = readable ? Math.max(0, Math.ceil(widest * Math.cos(slant)) - tail + 8) : 0;
  const width = left + size + tail + over;
  const height = top + size + 4;
  grid = {left, top, cell, tokens};
  const drawing = canvasOf('matrix', width, height);
  element('matrix').style.width = `${width}px`;
  const full = fullColour(tokens);
  const gap = cell >= 8 ? 1 : 0;
  tokens.forEach((query, row) => {
    const strongest = Math.max(...tokens.map(key => given(query, key)));
    const scale = state.scale === 'row' ? strongest || 1 : full;
    tokens.forEach((key, column) => {
      drawing.fillStyle = colour(given(query, key) / scale);
      drawing.fillRect(left + column * cell, top + row * cell, cell - gap, cell - gap);
    });
  });
  const ink = css('--ink');
  const muted = css('--muted');
  if (readable) {
    const letters = Math.min(13, cell - 1);
    drawing.font = font(letters);
    drawing.textBaseline = 'middle';
    drawing.fillStyle = ink;
    const fits = name => {
      let cut = name;
      while (cut.length > 1 && drawing.measureText(cut + '…').width > 96) cut = cut.slice(0, -1);
      return cut.length < name.length && drawing.measureText(name).width > 96 ? cut + '…' : name;
    };
    names.forEach((name, at) => {
      drawing.textAlign = 'right';
      drawing.fillText(fits(name), left - 5, top + (at + 0.5) * cell);
      drawing.save();
      drawing.translate(left + (at + 0.5) * cell, top - 6);
      drawing.rotate(-slant);
      drawing.textAlign = 'left';
      drawing.fillText(fits(name), 0, 0);
      drawing.restore();
    });
  }
  if (hides) {
    // What a row gives to the hidden tokens, so that it still adds up to 100 %.
    drawing.textAlign = 'left';
    drawing.font = font(12);
    tokens.forEach((query, row) => {
      const y = top + row * cell;
      drawing.fillStyle = css('--wash');
      drawing.fillRect(left + size + 8, y, 44 * onSpecial(query), Math.max(1, cell - gap));
      if (readable) {
        drawing.fillStyle = muted;
        drawing.textBaseline = 'middle';
        drawing.fillText(`+${percent(onSpecial(query))}`, left + size + 10, y + cell / 2);
      }
    });
  }
  const at = tokens.indexOf(state.token);
  if (at >= 0) {
    if (state.direction === 'out') bringIntoView(element('matrix-scroll'), top + at * cell, cell);
    drawing.strokeStyle = css('--accent');
    drawing.lineWidth = 2;
    if (state.direction === 'out') drawing.strokeRect(left - 1, top + at * cell - 1, size + 1, cell + 1);
    else drawing.strokeRect(left + at * cell - 1, top - 1, cell + 1, size + 1);
  }
  const darker = darkQuery.matches ? 'brighter' : 'darker';
  element('matrix-how').textContent =
    `Each row is a word that looks; the ${darker} a cell, the more of its attention goes to that column’s word. `
    + (hides ? `A row adds up to 100 % with the share behind it, which goes to ${data.specialNames}.`
      : 'A row adds up to 100 %.');
  element('matrix').setAttribute('aria-label',
    `Attention of layer ${state.layer}, head ${state.head} as a matrix of ${tokens.length} words; its numbers are in the table below`);
  element('legend-ramp').style.background = `linear-gradient(to right, ${ramp().join(', ')})`;
  element('legend-most').textContent = state.scale === 'row' ? 'the strongest of the row' : percent(full);
  readOut(strongestOf(state.token, 1)[0]);
}

function readOut(link) {
  element('readout').textContent = link === undefined ? '' : sentence(state.token, link);
}

function cellAt(event) {
  const bounds = element('matrix').getBoundingClientRect();
  const column = Math.floor((event.clientX - bounds.left - grid.left) / grid.cell);
  const row = Math.floor((event.clientY - bounds.top - grid.top) / grid.cell);
  return [grid.tokens[row], grid.tokens[column]];
}

function buildMatrix() {
  element('matrix').addEventListener('pointermove', event => {
    const [query, key] = cellAt(event);
    if (query === undefined || key === undefined) readOut(strongestOf(state.token, 1)[0]);
    else element('readout').textContent = linkSaid(query, key, given(query, key));
  });
  element('matrix').addEventListener('pointerleave', () => readOut(strongestOf(state.token, 1)[0]));
  element('matrix').addEventListener('click', event => {
    const [query, key] = cellAt(event);
    const token = state.direction === 'out' ? query : key;
    if (token !== undefined) change({token});
  });
}

// ---- numbers ----------------------------------------------------------------------------------------------------

function strongestOf(token, count) {
  return shownTokens().filter(other => linkOf(token, other) > 0)
    .sort((a, b) => linkOf(token, b) - linkOf(token, a)).slice(0, count);
}

function drawTable() {
  const all = shownTokens();
  const tokens = part(all);
  const out = state.direction === 'out';
  const hides = out && !state.special && special.size > 0;
  element('table-how').textContent = out ? 'The five words that each word looks at most.'
    : 'The five words that look at each word most, with the share of their own attention that they give to it.';
  const heads = ['Word', ...['most', '2nd', '3rd', '4th', '5th'], ...(hides ? [`on ${data.specialNames}`] : [])];
  element('table-head').replaceChildren(...heads.map(head => make('th', {scope: 'col'}, head)));
  element('table').replaceChildren(...tokens.map(token => {
    const links = strongestOf(token, 5);
    const cells = Array.from({length: 5}, (_, at) => at < links.length
      ? make('td', {}, make('b', {dir: 'auto'}, data.tokens[links[at]]), ' ',
        make('span', {}, percent(linkOf(token, links[at]))))
      : make('td', {}, at === 0 ? 'nothing' : ''));
    if (hides) cells.push(make('td', {}, make('span', {}, percent(onSpecial(token)))));
    return make('tr', {'aria-selected': token === state.token, onclick: () => change({token})},
      make('th', {scope: 'row', dir: 'auto'}, data.tokens[token]), ...cells);
  }));
  say('table-note', partSaid(tokens, all));
}

// ---- all --------------------------------------------------------------------------------------------------------

function draw() {
  drawHeads();
  drawWorth();
  drawControls();
  drawText();
  drawLinks();
  drawMatrix();
  drawTable();
}

say('left-out', data.leftOut);
buildHeads();
buildWorth();
buildControls();
buildMatrix();
for (const id of ['text', 'lookers', 'looked-at']) withArrowKeys(element(id));
readAddress();
draw();
darkQuery.addEventListener('change', draw);
addEventListener('hashchange', () => { readAddress(); draw(); });
let waiting = 0;
addEventListener('resize', () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => { drawLines(); drawMatrix(); });
});
})();
