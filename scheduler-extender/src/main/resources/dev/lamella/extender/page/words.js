// What things are called, and how elements are made. Text is never parsed as HTML.

/** An element with properties, attributes (names with - or role) and children; null children go. */
export function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') made.className = value;
    else if (name === 'data') Object.assign(made.dataset, value);
    else if (name === 'vars') Object.entries(value).forEach(([k, v]) => made.style.setProperty(k, v));
    else if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

export const plural = (n, one, many = one + 's') => `${n} ${n === 1 ? one : many}`;

/** 4864 MiB is 4.75 GiB. */
export const memory = (mib) =>
  mib >= 1024 ? `${+(mib / 1024).toFixed(2)} GiB` : `${+mib.toFixed(0)} MiB`;

export const number = (n) => `${+Number(n).toFixed(3)}`;

/** Since a moment, in milliseconds since the epoch. */
export function age(since, now = Date.now()) {
  const s = Math.max(0, Math.round((now - since) / 1000));
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  return s < 172800 ? `${Math.round(s / 3600)} h` : `${Math.round(s / 86400)} d`;
}

export const shortModel = (model) => model.replace(/^NVIDIA /, '');

/** Who holds, as one may know it. */
export const holderName = (holder) =>
  holder.name ? `${holder.namespace}/${holder.name}` : `a pod of ${holder.tenant}`;

/** What is to be said of a holder besides its name. */
export function holderTraits(holder) {
  return [
    holder.shares > 0 ? plural(holder.shares, 'share') : null,
    holder.reserved ? 'being kept for it' : null,
    holder.leaving ? 'leaving' : null,
    holder.borrowing && !holder.reserved ? 'borrowed' : null,
  ].filter(Boolean);
}

/** Why a slice gets no new pods; empty if it may. */
export function trouble(slice) {
  const said = [];
  if (slice.health !== 'Healthy') {
    said.push('unhealthy' + (slice.healthReason ? ': ' + slice.healthReason : ''));
  }
  if (slice.cordoned) said.push('cordoned');
  if (!slice.advertised) said.push('not offered by its node');
  return said.join(', ');
}

export function modeText(slice) {
  if (slice.mode === 'Shared') return `shared ${slice.sharesUsed}/${slice.sharesTotal}`;
  if (slice.mode === 'Whole') return 'whole';
  return slice.awaitsReport ? 'free after the node’s report' : 'free';
}

/** One sentence that says all of a slice. */
export function sliceSentence(node, gpu, slice) {
  const held = slice.holders.map((h) => [holderName(h), ...holderTraits(h)].join(', '));
  return [
    `${slice.profile} at slot ${slice.start} of GPU ${gpu.index} on ${node.name}`,
    modeText(slice),
    held.length ? 'held by ' + held.join('; ') : null,
    slice.awaitsReason ?? null,
    trouble(slice) || null,
  ].filter(Boolean).join(', ');
}

/** How a node stands, in a few words. */
export function nodeCounts(node) {
  const count = { whole: 0, shared: 0, free: 0, bad: 0, slices: 0, compute: 0, used: 0 };
  for (const slice of node.gpus.flatMap((gpu) => gpu.slices)) {
    count.slices++;
    count[slice.mode.toLowerCase()]++;
    if (trouble(slice)) count.bad++;
  }
  return count;
}

/** A name with its end always in sight: it is what tells replicas apart. */
export function cutName(name) {
  const at = name.length > 12 ? name.lastIndexOf('-') : -1;
  const cut = at > 0 ? at : name.length;
  return el('span', { class: 'cut' },
    el('span', { class: 'cut-head' }, name.slice(0, cut)),
    cut < name.length ? el('span', { class: 'cut-tail' }, name.slice(cut)) : null);
}

/** Tenants keep their colour and pattern for as long as the page is open. */
const colours = new Map();
export function tenantClass(name) {
  if (!colours.has(name)) colours.set(name, colours.size);
  const i = colours.get(name);
  return `t${i % 8} p${i % 5}`;
}
export const swatch = (name) =>
  el('span', { class: `swatch ${tenantClass(name)}`, 'aria-hidden': 'true' });
