/** The page's pictograms: strokes on a grid of 24, coloured by the text around them. Never the only carrier of a meaning. */

const SHAPES = {
  overview: 'M3 20h18M6 20V9h4v11M10 12l11-6M16 20v-3',
  releases: 'M4 4h16v16H4zM4 9h16M9 9v11',
  inbox: 'M4 13l3-9h10l3 9v7H4zM4 13h5l1 3h4l1-3h5',
  duty: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM5 20a7 7 0 0 1 14 0zM16 3l4 2-4 2',
  queue: 'M12 15V4M8 8l4-4 4 4M4 14v6h16v-6',
  wizard: 'M14 6a4 4 0 0 1 5-1l-2 3 1 2 3 1a4 4 0 0 1-6 3l-8 8-3-3 8-8a4 4 0 0 1 2-5z',
  signals: 'M2 15h4V7h5v10h5V9h3v6h3',
  account: 'M5 3h14v18H5zM8 8h8M8 12h8M8 16h5',
  config: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  pushes: 'M4 8h9v9H4zM13 11l6-3v9l-6-3M8 3v3M6 4.500h4',
  diagnostics: 'M3 12h4l3-8 4 16 3-8h4',
  logs: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5',
  backup: 'M4 5h16v5H4zM4 14h16v5H4zM8 7.5h.01M8 16.5h.01',
  privacy: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4',
  users:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21v-2a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v2M16 4a4 4 0 0 1 0 7M19 14.500a5 5 0 0 1 3 4.500v2',
  api: 'M8 6l-6 6 6 6M16 6l6 6-6 6',
  about: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7.500h.01',
  more: 'M4 6h16M4 12h16M4 18h16',
  ok: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12l3 3 5-6',
  warn: 'M12 3l10 18H2zM12 10v5M12 18h.01',
  error: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6',
  pause: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM10 9v6M14 9v6',
  wait: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  unknown:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.6.3-1 .8-1 1.700M12 17h.01',
  close: 'M5 5l14 14M19 5L5 19',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M8 11l4 4 4-4M4 20h16',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
