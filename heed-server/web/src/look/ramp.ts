/**
 * The colours of weights, as heed.lens.Ramp draws them: one hue, lightness in equal steps of OKLab (Björn Ottosson,
 * "A perceptual color space for image processing", 2020), so that the value is read without seeing colour.
 */

export type Rgb = [number, number, number];

const BLUE = 258;
const ORANGE = 55;

export interface Theme {
  dark: boolean;
  /** Background and text of the system's forced colours; absent in the page's own. */
  forced?: { paper: Rgb; ink: Rgb };
}

/** 256 colours from a share of 0 to one of 1. */
export type Ramp = Rgb[];

export function ramp(theme: Theme): Ramp {
  const { forced } = theme;
  if (forced) return steps((t) => mixed(forced.paper, forced.ink, t));
  const [from, to] = theme.dark ? [0.25, 0.93] : [0.985, 0.3];
  return steps((t) => colour(from + (to - from) * t, chroma(t), BLUE));
}

/**
 * Two ramps that meet in the middle: less is orange, more is blue, both are equally far from the paper. Where this is
 * used, + and − are also written.
 */
export function difference(theme: Theme): Ramp {
  const { forced } = theme;
  if (forced) return steps((t) => mixed(forced.paper, forced.ink, Math.abs(2 * t - 1)));
  const [from, to] = theme.dark ? [0.25, 0.85] : [0.985, 0.42];
  return steps((t) => {
    const far = Math.abs(2 * t - 1);
    return colour(from + (to - from) * far, chroma(far), t < 0.5 ? ORANGE : BLUE);
  });
}

const steps = (at: (t: number) => Rgb): Ramp => Array.from({ length: 256 }, (_, i) => at(i / 255));

const chroma = (t: number) => 0.006 + 0.155 * Math.sin(Math.PI * 0.82 * t);

const mixed = (from: Rgb, to: Rgb, t: number): Rgb =>
  [0, 1, 2].map((i) => Math.round(from[i] + (to[i] - from[i]) * t)) as Rgb;

/** As much of the chroma as a screen can show at this lightness. */
function colour(lightness: number, wanted: number, degrees: number): Rgb {
  let least = 0;
  let most = wanted;
  if (!displayable(linear(lightness, most, degrees))) {
    for (let step = 0; step < 20; step++) {
      const middle = (least + most) / 2;
      if (displayable(linear(lightness, middle, degrees))) least = middle;
      else most = middle;
    }
    most = least;
  }
  return linear(lightness, most, degrees).map((channel) =>
    Math.round(255 * gamma(Math.min(1, Math.max(0, channel))))) as Rgb;
}

function linear(lightness: number, much: number, degrees: number): Rgb {
  const a = much * Math.cos((degrees * Math.PI) / 180);
  const b = much * Math.sin((degrees * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
  ];
}

const displayable = (channels: Rgb) => channels.every((channel) => channel >= 0 && channel <= 1);

const gamma = (channel: number) =>
  channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055;

/** The colour of a share of 1, held to the ramp's ends. */
export const of = (colours: Ramp, share: number): Rgb =>
  colours[Math.round(255 * Math.min(1, Math.max(0, share || 0)))];

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

/** A ramp as a style sheet has it, for legends. */
export const gradient = (colours: Ramp): string =>
  `linear-gradient(to right, ${[0, 64, 128, 192, 255].map((i) => css(colours[i])).join(', ')})`;

/** Black or white, whichever has more contrast (WCAG 2): never below 4.5 : 1. */
export function inkOn(colour: Rgb): '#000' | '#fff' {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
}

/** As a canvas wants its pixels: little-endian RGBA, opaque. */
export const pixels = (colours: Ramp): Uint32Array =>
  Uint32Array.from(colours, ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0);
