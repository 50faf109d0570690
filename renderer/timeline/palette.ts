/** Colours and patterns of the canvas, read from the style sheet so that both themes have one source. */
import type { Tone } from '../../shared/timeline/view.ts';

export const TONES: readonly Tone[] = ['good', 'busy', 'warning', 'bad', 'neutral', 'unknown'];

export interface TonePaint {
  readonly fill: string;
  readonly edge: string;
  readonly text: string;
  readonly barFill: string;
  readonly barText: string;
  /** Laid over the fill: what says the tone to those who do not see the colour. */
  readonly pattern: CanvasPattern | undefined;
  readonly barPattern: CanvasPattern | undefined;
}
export interface Palette {
  readonly tones: Readonly<Record<Tone, TonePaint>>;
  readonly background: string;
  readonly stripe: string;
  readonly hairline: string;
  readonly grid: string;
  readonly text: string;
  readonly dim: string;
  readonly accent: string;
  readonly accentFill: string;
  readonly capture: string;
  readonly render: string;
  readonly many: CanvasPattern | undefined;
  readonly manyText: string;
  readonly font: string;
  readonly boldFont: string;
  readonly smallFont: string;
}

type Drawing = 'none' | 'diagonal' | 'dots' | 'lines' | 'crossed';
/** Good is plain; every other tone has a drawing of its own. */
const DRAWING: Readonly<Record<Tone, Drawing>> = {
  good: 'none',
  busy: 'lines',
  warning: 'dots',
  bad: 'diagonal',
  neutral: 'none',
  unknown: 'crossed',
};
const TILE = 8;

function pattern(context: CanvasRenderingContext2D, drawing: Drawing, colour: string): CanvasPattern | undefined {
  if (drawing === 'none') return undefined;
  const scale = Math.max(1, Math.round(globalThis.devicePixelRatio || 1));
  const tile = document.createElement('canvas');
  tile.width = TILE * scale;
  tile.height = TILE * scale;
  const pen = tile.getContext('2d');
  if (pen === null) return undefined;
  pen.scale(scale, scale);
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = 1.2;
  pen.beginPath();
  if (drawing === 'diagonal' || drawing === 'crossed') {
    for (const shift of [-TILE, 0, TILE]) {
      pen.moveTo(shift - 1, TILE + 1);
      pen.lineTo(shift + TILE + 1, -1);
    }
  }
  if (drawing === 'crossed') {
    for (const shift of [-TILE, 0, TILE]) {
      pen.moveTo(shift - 1, -1);
      pen.lineTo(shift + TILE + 1, TILE + 1);
    }
  }
  if (drawing === 'lines') {
    pen.moveTo(0, TILE - 1.5);
    pen.lineTo(TILE, TILE - 1.5);
    pen.moveTo(0, TILE / 2 - 1.5);
    pen.lineTo(TILE, TILE / 2 - 1.5);
  }
  pen.stroke();
  if (drawing === 'dots') {
    pen.fillRect(1, 1, 1.6, 1.6);
    pen.fillRect(5, 5, 1.6, 1.6);
  }
  const made = context.createPattern(tile, 'repeat') ?? undefined;
  made?.setTransform(new DOMMatrix().scale(1 / scale));
  return made;
}

/** Reads the style sheet's custom properties as they are now; call again when the theme or pixel ratio changes. */
export function readPalette(context: CanvasRenderingContext2D): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const toneOf = (tone: Tone): TonePaint => ({
    fill: read(`--${tone}-fill`),
    edge: read(`--${tone}-edge`),
    text: read(`--${tone}-text`),
    barFill: read(`--${tone}-bar`),
    barText: read(`--${tone}-bar-text`),
    pattern: pattern(context, DRAWING[tone], read(`--${tone}-pattern`)),
    barPattern: pattern(context, DRAWING[tone], read(`--${tone}-bar-pattern`)),
  });
  const family = read('--font');
  return {
    tones: Object.fromEntries(TONES.map((tone) => [tone, toneOf(tone)])) as Record<Tone, TonePaint>,
    background: read('--content'),
    stripe: read('--stripe'),
    hairline: read('--hairline'),
    grid: read('--grid'),
    text: read('--text'),
    dim: read('--dim'),
    accent: read('--accent'),
    accentFill: read('--accent-fill'),
    capture: read('--capture'),
    render: read('--render'),
    many: pattern(context, 'crossed', read('--many-pattern')),
    manyText: read('--dim'),
    font: `11.5px ${family}`,
    boldFont: `600 12px ${family}`,
    smallFont: `11px ${family}`,
  };
}
