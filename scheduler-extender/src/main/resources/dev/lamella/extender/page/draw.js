// GPUs: their memory slots from left to right, slices where they lie, shares inside.
import { el, cutName, holderName, holderTraits, modeText, shortModel, sliceSentence, tenantClass, trouble } from './words.js';

const MANY_LANES = 8;

/** What is cut and what is not, from slot 0 on; slices that overlap keep their own place. */
function places(gpu) {
  const found = [];
  let at = 0;
  for (const slice of gpu.slices) {
    if (slice.start > at) found.push({ start: at, size: slice.start - at });
    found.push({ start: slice.start, size: slice.size, slice });
    at = Math.max(at, slice.start + slice.size);
  }
  if (at < gpu.memorySlots) found.push({ start: at, size: gpu.memorySlots - at });
  return found;
}

const column = (place) => ({ '--at': place.start + 1, '--span': place.size });

function sliceClass(slice) {
  const classes = ['slice', slice.mode.toLowerCase()];
  if (trouble(slice)) classes.push('bad');
  if (slice.health !== 'Healthy') classes.push('sick');
  if (slice.awaitsReport) classes.push('awaits');
  return classes.join(' ');
}

/** Each holder's part of a slice, and what is left of a shared one. */
function lanes(slice) {
  const held = slice.holders.map((holder) => ({ holder, size: Math.max(1, holder.shares) }));
  const left = slice.mode === 'Shared' ? slice.sharesTotal - slice.sharesUsed : 0;
  const empty = left > MANY_LANES ? [{ size: left }] : Array.from({ length: Math.max(0, left) }, () => ({ size: 1 }));
  return [...held, ...empty];
}

function laneClass(lane) {
  if (!lane.holder) return 'lane empty';
  const { tenant, reserved, leaving } = lane.holder;
  return `lane ${tenantClass(tenant)}${reserved ? ' kept' : ''}${leaving ? ' leaving' : ''}`;
}

function laneText(lane, slice) {
  if (!lane.holder) return null;
  const { holder } = lane;
  const note = holder.reserved ? 'kept' : holder.leaving ? 'leaving' : null;
  return [
    el('span', { class: 'lane-line' },
      cutName(holder.name ?? holder.tenant),
      holder.borrowing && !holder.reserved ? el('span', { class: 'mark' }, '↑') : null),
    slice.mode === 'Whole' ? el('span', { class: 'lane-sub' }, note ?? holder.tenant)
      : note ? el('span', { class: 'lane-note' }, note) : null,
  ];
}

function slot(node, gpu, place) {
  if (!place.slice) {
    return el('div', { class: 'uncut', vars: column(place) }, el('span', {}, 'not cut'));
  }
  const slice = place.slice;
  return el('button', {
    type: 'button', class: sliceClass(slice), vars: column(place), tabindex: '-1',
    'aria-label': sliceSentence(node, gpu, slice), title: titleOf(slice),
    data: { uuid: slice.uuid, mode: slice.mode, start: slice.start, gpu: gpu.index },
  },
  el('span', { class: 'slice-top' },
    el('span', { class: 'profile' }, slice.profile),
    el('span', { class: 'mode' }, slice.mode === 'Shared' ? `${slice.sharesUsed}/${slice.sharesTotal}` : slice.awaitsReport ? 'soon free' : slice.mode.toLowerCase())),
  el('span', { class: 'lanes' }, lanes(slice).map((lane) =>
    el('span', { class: laneClass(lane), vars: { '--grow': lane.size }, data: lane.holder?.name ? { pod: `${lane.holder.namespace}/${lane.holder.name}` } : {} },
      laneText(lane, slice)))),
  trouble(slice) ? el('span', { class: 'trouble' }, trouble(slice)) : null,
  slice.awaitsReason ? el('span', { class: 'awaited' }, 'awaits its node') : null);
}

function titleOf(slice) {
  return [
    `${slice.profile}@${slice.start}: ${modeText(slice)}`, slice.awaitsReason, trouble(slice),
    ...slice.holders.map((h) => [holderName(h), ...holderTraits(h)].join(', ')),
  ].filter(Boolean).join('\n');
}

/** A GPU, large: its slices can be focused. */
export function gpuLarge(node, gpu) {
  const slots = Math.max(gpu.memorySlots, ...gpu.slices.map((s) => s.start + s.size), 1);
  return el('div', { class: 'gpu', role: 'group', 'aria-label': `GPU ${gpu.index}, ${shortModel(gpu.model)}`, vars: { '--slots': slots } },
    el('div', { class: 'gpu-name' },
      el('strong', {}, `GPU ${gpu.index}`), ' ', shortModel(gpu.model),
      gpu.numaNode === null || gpu.numaNode === undefined ? null : el('span', { class: 'muted' }, ` · NUMA ${gpu.numaNode}`)),
    el('div', { class: 'strip' }, places(gpu).map((place) => slot(node, gpu, place))),
    slots > 1 ? el('div', { class: 'ruler', 'aria-hidden': 'true' },
      Array.from({ length: slots }, (_, i) => el('span', {}, String(i)))) : null);
}

/** A GPU, small: a picture only, what it says stands in the node's heading. */
export function gpuSmall(node, gpu) {
  const slots = Math.max(gpu.memorySlots, 1);
  return el('span', { class: 'mini', 'aria-hidden': 'true', vars: { '--slots': slots }, title: `GPU ${gpu.index} ${shortModel(gpu.model)}` },
    places(gpu).map((place) => place.slice
      ? el('span', { class: sliceClass(place.slice), vars: column(place), data: { uuid: place.slice.uuid } },
        lanes(place.slice).map((lane) => el('span', { class: laneClass(lane), vars: { '--grow': lane.size } })))
      : el('span', { class: 'uncut', vars: column(place) })));
}
