/** What the server answers, as docs/explorer-api.md says. Layers, heads and tokens count from 0. */

export type Stream = 'enc' | 'dec' | 'cross';
/** `written`: what the decoder writes after each token of the target that it reads. */
export type Side = 'source' | 'target' | 'written';
export type Ablation = 'zero' | 'mean';

export interface ModelInfo {
  name: string;
  state: 'open' | 'here' | 'absent' | 'opening' | 'failed';
  description: string;
  kind?: 'encoder' | 'decoder' | 'encoder-decoder';
  architecture?: string;
  layers?: number;
  heads?: number;
  width?: number;
  maxTokens?: number;
  vocabulary?: number;
  /** Of its files, or of what is to be downloaded. */
  bytes?: number;
  files?: { name: string; bytes: number }[];
  parameters?: number;
  /** The type in which the matrices of linear maps are kept. */
  weights?: string;
  fills?: boolean;
  writes?: boolean;
  error?: string;
  job?: string;
}

export interface ModelList {
  default: string;
  models: ModelInfo[];
  /** Whether comments wait here for somebody to look at them. */
  reviews?: boolean;
}

/** Why a comment waits: a category whose threshold a score reached. */
export interface Reason {
  category: string;
  action: 'review' | 'block';
  score: number;
  threshold: number;
  found_in: 'raw' | 'normalized';
  start: number;
  end: number;
}

/** A comment that waits. */
export interface Review {
  key: number;
  time: string;
  language: string | null;
  text: string;
  decision: { id: string; action: string; advised: string; policy: string; reasons: Reason[] };
}

export interface ReviewList {
  waiting: number;
  most: number;
  dropped: number;
  reviews: Review[];
}

/** A stretch of a comment and what of a score hangs on it. */
export interface Part {
  text: string;
  start: number;
  end: number;
  part: number;
}

export type Explanation = 'occlusion' | 'gradients';

export interface Job {
  job: string;
  state: 'running' | 'done' | 'failed';
  message: string;
  done: number;
  total: number | null;
  error?: string;
  result?: unknown;
}

export interface Token {
  text: string;
  piece: string;
  id: number;
  special: boolean;
  /** Pieces of one word share a number; special tokens have −1. */
  word: number;
  start: number;
  end: number;
}

export interface StreamInfo {
  layers: number;
  heads: number;
  queries: Side;
  keys: Side;
  causal: boolean;
}

export interface HeadAt {
  stream: Stream;
  layer: number;
  head: number;
}

/** Where the attention of a head goes, on average: shares of 1; entropy in bits, distance in tokens. */
export interface HeadFacts {
  layer: number;
  head: number;
  special: number;
  itself: number;
  previous: number;
  next: number;
  others: number;
  linking: number;
  entropy: number;
  distance: number;
}

export interface Candidate {
  text: string;
  id: number;
  probability: number;
}

export interface Predictions {
  kind: 'fill' | 'next';
  at: { token: number; of: 'source' | 'target'; candidates: Candidate[] }[];
}

export interface RunRequest {
  model?: string;
  text: string;
  pair?: string;
  generate?: { maxNewTokens?: number };
  options?: { mask?: number[]; ablate?: HeadAt[]; ablation?: Ablation; positions?: boolean };
}

export interface Run {
  run: string;
  model: string;
  kind: 'encoder' | 'decoder' | 'encoder-decoder';
  tokens: Partial<Record<Side, Token[]>>;
  streams: Partial<Record<Stream, StreamInfo>>;
  generatedFrom?: number;
  best: HeadAt;
  heads: Partial<Record<Stream, HeadFacts[]>>;
  predictions?: Predictions;
  milliseconds: number;
}

export interface Edges {
  from: number[];
  to: number[];
  weight: number[];
  shown: number;
}

export interface Step {
  query: number[];
  key: number[];
  products: number[];
  dot: number;
  scale: number;
  scaled: number;
  bias: number;
  visible: boolean;
  score: number | null;
  row: { scores: (number | null)[]; max: number; numerators: number[]; denominator: number; weights: number[] };
  values: number[][];
  valueKeys: number[];
  context: number[];
  x: number[];
  output: number[];
  width: number;
  dHead: number;
}

export interface Comparison {
  pairs: [number, number][];
  heads: { layer: number; head: number; change: number }[];
}

export interface AblationEffect {
  before: Predictions | null;
  after: Predictions | null;
  /** null, as the next, where the model predicts nothing. */
  kl: number | null;
  deltaLogProbability: number | null;
  /** Between the means of the last hidden states. */
  cosine: number;
}

export interface HeadEffect {
  layer: number;
  head: number;
  kl: number | null;
  deltaLogProbability: number | null;
  cosine: number;
}

/** What lectures claim, and what was found of it. */
export interface ClaimInfo {
  name: string;
  statement: string;
  rule: string;
  question: string;
  answer: string;
  result?: {
    confirmed: boolean;
    summary: string;
    conditions: Record<string, string | number>;
    tables: { name: string; columns: string[]; rows: (string | number | boolean)[][] }[];
    /** How many. */
    pictures: number;
  };
  /** Why a result could not be read. */
  error?: string;
}

/** A text read by a recurrent network and by a Transformer that know nothing yet. */
export interface SideBySide {
  words: string[];
  readers: {
    name: string;
    parameters: number;
    /** Operations that wait for each other. */
    chain: number;
    milliseconds: number;
    /** Row j: how much the words 0 to j influence the state of word j, as shares of the greatest. */
    influence: number[][];
  }[];
}

/** One word in many sentences. */
export interface SensesOf {
  model: string;
  word: string;
  labels: string[];
  sentences: { text: string; start: number; end: number; label: string }[];
  /** From the embeddings on. */
  layers: {
    points: [number, number][];
    meanCosine: number;
    nearest: number | null;
    silhouette: number | null;
    /** Of each sentence the nearest others: number and cosine. */
    neighbours: [number, number][][];
  }[];
}

export interface HeadRole {
  role: string;
  layer: number;
  head: number;
  rate: number;
  q: number | null;
}

export interface BestOfRole extends HeadRole {
  description: string;
  asked: number;
  interval: [number, number];
  offset: number | null;
  offsetRate: number | null;
  randomRate: number | null;
  found: number;
  examples: string[];
}

export interface RolesOf {
  model: string;
  corpus: string;
  sentences: number;
  falseShare: number | null;
  roles: BestOfRole[];
  heads: HeadRole[];
}
