// The list of nodes. A node is a line with its GPUs small; opened, with its GPUs large. Only what is
// near the window is drawn: hundreds of nodes are hundreds of empty boxes.
import { gpuLarge, gpuSmall } from './draw.js';
import { el, nodeCounts, plural, holderName, shortModel, trouble } from './words.js';

const OPEN_AT_FIRST = 12;

export class Nodes {
  #root; #rows = new Map(); #words = []; #open = null; #onSlice; #near; #hits = new Set();

  /** onSlice(node, gpu, slice, element) when one is chosen. */
  constructor(root, onSlice) {
    this.#root = root;
    this.#onSlice = onSlice;
    this.#near = new IntersectionObserver(
      (seen) => seen.forEach((entry) => this.#draw(entry.target, entry.isIntersecting)),
      { rootMargin: '600px 0px' });
    root.addEventListener('click', (event) => this.#click(event));
    root.addEventListener('keydown', (event) => this.#key(event));
    root.addEventListener('focusin', (event) => this.#stop(event.target));
  }

  /** Takes nodes that came or changed; answers what changed, for saying it. */
  update(nodes, gone) {
    gone.forEach((name) => this.#remove(name));
    const said = [];
    for (const node of nodes) {
      const text = JSON.stringify(node);
      const row = this.#rows.get(node.name) ?? this.#add(node);
      if (row.text === text) continue;
      const changed = row.text ? changedSlices(row.node, node) : [];
      said.push(...changed.map((slice) => ({ node, slice })));
      Object.assign(row, { node, text, words: null });
      this.#head(row);
      this.#match(row);
      if (row.drawn) this.#fill(row, new Set(changed.map((slice) => slice.uuid)));
    }
    if (this.#open === null && this.#rows.size > 0) this.openAll(this.#rows.size <= OPEN_AT_FIRST);
    if (!this.#root.querySelector('[tabindex="0"]')) this.#stop(this.#root.querySelector('.node:not([hidden]) .node-head'));
    return said;
  }

  names() {
    return [...this.#rows.keys()];
  }

  all() {
    return [...this.#rows.values()].map((row) => row.node);
  }

  openAll(open) {
    this.#open = open;
    this.#rows.forEach((row) => this.#toggle(row, open));
  }

  get allOpen() {
    return this.#open;
  }

  /** Shows nodes with a slice, or of a kind, that all these words say; answers how many. */
  filter(text) {
    this.#words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    this.#rows.forEach((row) => {
      this.#match(row);
      if (row.drawn) this.#fill(row);
      if (!row.box.hidden) shown++;
    });
    return shown;
  }

  /** Points out slices; none to end that. */
  point(uuids) {
    this.#hits = new Set(uuids);
    this.#rows.forEach((row) => row.drawn && this.#fill(row));
  }

  /** Goes to a slice. */
  show(nodeName, uuid) {
    const row = this.#rows.get(nodeName);
    if (!row) return;
    row.box.hidden = false;
    this.#toggle(row, true);
    this.#fill(row);
    row.drawn = true;
    const slice = row.body.querySelector(`[data-uuid="${CSS.escape(uuid)}"]`);
    slice?.scrollIntoView({ block: 'center' });
    slice?.focus();
  }

  #add(node) {
    const id = `node-${this.#rows.size}-${node.name.replace(/[^\w-]/g, '_')}`;
    const button = el('button', { type: 'button', class: 'node-head', tabindex: '-1', 'aria-controls': id, 'aria-expanded': 'false' });
    const body = el('div', { class: 'node-body', id });
    const box = el('article', { class: 'node', data: { node: node.name } }, el('h3', {}, button), body);
    const row = { node, text: '', box, button, body, open: this.#open === true, drawn: false };
    box.classList.toggle('open', row.open);
    button.setAttribute('aria-expanded', String(row.open));
    this.#rows.set(node.name, row);
    const after = [...this.#rows.keys()].filter((name) => name > node.name).sort()[0];
    this.#root.insertBefore(box, after ? this.#rows.get(after).box : null);
    this.#near.observe(box);
    return row;
  }

  #remove(name) {
    const row = this.#rows.get(name);
    if (row) {
      this.#near.unobserve(row.box);
      row.box.remove();
      this.#rows.delete(name);
    }
  }

  #head(row) {
    const { node } = row;
    const count = nodeCounts(node);
    const parts = [
      count.whole ? `${count.whole} whole` : null, count.shared ? `${count.shared} shared` : null,
      `${count.free} free`,
    ].filter(Boolean).join(', ');
    row.button.replaceChildren(
      el('span', { class: 'chevron', 'aria-hidden': 'true' }),
      el('span', { class: 'node-name' }, node.name),
      node.serving ? '' : el('span', { class: 'badge bad' }, 'not serving'),
      count.bad ? el('span', { class: 'badge bad' }, `${count.bad} unusable`) : '',
      el('span', { class: 'node-counts' }, `${plural(node.gpus.length, 'GPU')} · `, el('span', { class: 'long' }, `${plural(count.slices, 'slice')}: `), parts));
  }

  /** Draws what came near, lets go of what is far; its height stays. */
  #draw(box, near) {
    const row = this.#rows.get(box.dataset.node);
    if (!row || near === row.drawn) return;
    if (near) {
      row.drawn = true;
      this.#fill(row);
    } else if (!box.contains(document.activeElement)) {
      row.drawn = false;
      row.body.style.minHeight = `${row.body.offsetHeight}px`;
      row.body.replaceChildren();
    }
  }

  #fill(row, changed = new Set()) {
    const focused = row.body.contains(document.activeElement) ? document.activeElement.dataset.uuid : null;
    row.body.style.minHeight = '';
    row.body.replaceChildren(...row.node.gpus.map((gpu) => (row.open ? gpuLarge : gpuSmall)(row.node, gpu)));
    if (row.node.gpus.length === 0) row.body.append(el('span', { class: 'muted' }, 'no GPUs reported'));
    for (const gpu of row.node.gpus) {
      for (const slice of gpu.slices) {
        const drawn = row.body.querySelector(`[data-uuid="${CSS.escape(slice.uuid)}"]`);
        drawn?.classList.toggle('changed', changed.has(slice.uuid));
        drawn?.classList.toggle('hit', this.#hits.has(slice.uuid));
        drawn?.classList.toggle('dim', this.#words.length > 0 && !this.#says(this.#sliceWords(row.node, gpu, slice)));
      }
    }
    if (focused) row.body.querySelector(`[data-uuid="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  #says(words) {
    return this.#words.every((word) => words.includes(word));
  }

  #sliceWords(node, gpu, slice) {
    return [
      node.name, node.serving ? '' : 'not-serving', shortModel(gpu.model), slice.profile, slice.mode, slice.uuid,
      trouble(slice), ...slice.holders.map((h) => `${h.tenant} ${holderName(h)} ${h.borrowing ? 'borrowed' : ''} ${h.leaving ? 'leaving' : ''} ${h.reserved ? 'kept' : ''}`),
    ].join(' ').toLowerCase();
  }

  #match(row) {
    row.words ??= row.node.gpus.flatMap((gpu) => gpu.slices.length
      ? gpu.slices.map((slice) => this.#sliceWords(row.node, gpu, slice))
      : [`${row.node.name} ${shortModel(gpu.model)} not cut`.toLowerCase()]);
    row.box.hidden = this.#words.length > 0 && !row.words.some((words) => this.#says(words));
  }

  #toggle(row, open) {
    if (row.open === open) return;
    row.open = open;
    row.box.classList.toggle('open', open);
    row.button.setAttribute('aria-expanded', String(open));
    row.body.style.minHeight = '';
    if (row.drawn) this.#fill(row);
  }

  #click(event) {
    const row = this.#rows.get(event.target.closest('.node')?.dataset.node);
    if (!row) return;
    const slice = event.target.closest('button.slice');
    if (slice) {
      this.#choose(row, slice);
    } else if (event.target.closest('.node-head') || !row.open) {
      this.#toggle(row, !row.open);
      row.button.focus({ preventScroll: true });
    }
  }

  #choose(row, element) {
    for (const gpu of row.node.gpus) {
      const slice = gpu.slices.find((one) => one.uuid === element.dataset.uuid);
      if (slice) this.#onSlice(row.node, gpu, slice, element);
    }
  }

  /** The map is one stop of the Tab key: the place where one was last. */
  #stop(element) {
    if (!element?.matches?.('.node-head, button.slice')) return;
    this.#root.querySelectorAll('[tabindex="0"]').forEach((old) => old.setAttribute('tabindex', '-1'));
    element.setAttribute('tabindex', '0');
  }

  #key(event) {
    const at = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey || !at.matches('.node-head, button.slice')) return;
    const row = this.#rows.get(at.closest('.node').dataset.node);
    const to = at.matches('.node-head') ? this.#fromHead(event.key, row) : this.#fromSlice(event.key, row, at);
    if (to === undefined) return;
    event.preventDefault();
    this.#stop(to);
    to?.focus();
    to?.scrollIntoView({ block: 'nearest' });
  }

  #heads() {
    return [...this.#root.querySelectorAll('.node:not([hidden]) .node-head')];
  }

  #fromHead(key, row) {
    const heads = this.#heads();
    const i = heads.indexOf(row.button);
    switch (key) {
      case 'ArrowDown': return heads[i + 1] ?? row.button;
      case 'ArrowUp': return heads[i - 1] ?? row.button;
      case 'Home': return heads[0];
      case 'End': return heads.at(-1);
      case 'ArrowLeft': this.#toggle(row, false); return row.button;
      case 'ArrowRight':
        if (row.open) return row.body.querySelector('button.slice') ?? row.button;
        this.#toggle(row, true);
        return row.button;
      default: return undefined;
    }
  }

  #fromSlice(key, row, at) {
    const strips = [...row.body.querySelectorAll('.strip')];
    const here = strips.indexOf(at.closest('.strip'));
    const slices = [...strips[here].querySelectorAll('button.slice')];
    const i = slices.indexOf(at);
    switch (key) {
      case 'ArrowRight': return slices[i + 1] ?? at;
      case 'ArrowLeft': return slices[i - 1] ?? row.button;
      case 'ArrowDown': return below(strips.slice(here + 1), at) ?? this.#heads()[this.#heads().indexOf(row.button) + 1] ?? at;
      case 'ArrowUp': return below(strips.slice(0, here).reverse(), at) ?? row.button;
      case 'Home': return slices[0];
      case 'End': return slices.at(-1);
      case 'Escape': return row.button;
      default: return undefined;
    }
  }
}

/** The slice of the first strip that has any, at this one's slot or before it. */
function below(strips, at) {
  const slices = strips.map((strip) => [...strip.querySelectorAll('button.slice')]).find((some) => some.length);
  return slices?.filter((slice) => +slice.dataset.start <= +at.dataset.start).at(-1) ?? slices?.[0];
}

function changedSlices(before, after) {
  const old = new Map(before.gpus.flatMap((gpu) => gpu.slices).map((slice) => [slice.uuid, JSON.stringify(slice)]));
  return after.gpus.flatMap((gpu) => gpu.slices).filter((slice) => old.get(slice.uuid) !== JSON.stringify(slice));
}
