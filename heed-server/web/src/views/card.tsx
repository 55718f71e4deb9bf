import type { ComponentChildren } from 'preact';

export function Card({ title, how, id, actions, children }: { title: ComponentChildren; how?: ComponentChildren; id: string;
  actions?: ComponentChildren; children: ComponentChildren }) {
  return <section class="card" aria-labelledby={`${id}-title`} id={id}>
    <div class="head"><h2 id={`${id}-title`}>{title}</h2>{actions}</div>
    {how && <p class="how">{how}</p>}
    {children}
  </section>;
}
