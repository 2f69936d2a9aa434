// Beside the map: one slice, tenants, pending pods, what if.
import { age, cutName, el, holderName, holderTraits, memory, modeText, number, plural, shortModel, swatch, tenantClass, trouble } from './words.js';

const fact = (name, ...value) => [el('dt', {}, name), el('dd', {}, ...value)];

/** All that is known of a slice. */
export function sliceDetails(node, gpu, slice) {
  const bad = trouble(slice);
  return el('div', {},
    el('p', { class: 'lead' }, el('strong', {}, `${slice.profile}@${slice.start}`), ` of GPU ${gpu.index}, ${node.name}: ${modeText(slice)}`),
    bad ? el('p', { class: 'badline' }, bad) : null,
    el('dl', { class: 'facts' },
      fact('Size', `${plural(slice.computeSlices, 'compute slice')}, ${memory(slice.memoryMiB)}`),
      fact('Slots', slice.size > 1 ? `${slice.start} to ${slice.start + slice.size - 1}` : String(slice.start)),
      fact('GPU', shortModel(gpu.model)),
      fact('Slice', el('code', {}, slice.uuid)),
      slice.uuid === gpu.uuid ? null : fact('On', el('code', {}, gpu.uuid))),
    slice.holders.length
      ? el('ul', { class: 'plain-list holders' }, slice.holders.map((holder) => el('li', {},
        swatch(holder.tenant), el('span', {}, el('span', { class: 'wrap' }, holderName(holder)), el('span', { class: 'muted' }, ' ' + [holder.tenant, ...holderTraits(holder)].join(', '))))))
      : el('p', { class: 'muted' }, 'Nobody holds it.'));
}

/** In what a tenant is measured: compute, or memory if its quota speaks of nothing else. */
function measure(tenant) {
  const caps = [tenant.guaranteed, tenant.limit].filter(Boolean);
  const inMemory = caps.length > 0 && caps.every((cap) => cap.computeSlices === undefined);
  return inMemory
    ? { of: (amount) => Number(amount?.memoryMiB ?? NaN), say: (n) => memory(n), unit: '' }
    : { of: (amount) => Number(amount?.computeSlices ?? NaN), say: number, unit: ' compute slices' };
}

const or = (value, other) => (Number.isNaN(value) ? other : value);

/** One tenant: a bar of what it uses, with its guarantee and its limit on it. */
function tenantItem(tenant) {
  const { of, say, unit } = measure(tenant);
  const used = or(of(tenant.used), 0);
  const within = or(of(tenant.guaranteedUsed), 0);
  const borrowed = or(of(tenant.borrowed), 0);
  const lent = or(of(tenant.lent), 0);
  const guarantee = of(tenant.guaranteed);
  const limit = of(tenant.limit);
  const scale = Math.max(or(limit, 0), or(guarantee, 0), used, 1e-9) * (Number.isNaN(limit) ? 1.25 : 1);
  const share = (n) => `${Math.min(100, (100 * n) / scale)}%`;
  const words = [
    `${say(used)} used`, `guarantee ${Number.isNaN(guarantee) ? 'none' : say(guarantee)}`,
    `limit ${Number.isNaN(limit) ? 'none' : say(limit)}`,
  ];
  const more = [
    borrowed > 0 ? `${say(borrowed)} borrowed` : null, lent > 0 ? `${say(lent)} lent` : null,
    plural(tenant.pods, 'pod'), tenant.waiting ? `${tenant.waiting} pending` : null,
  ].filter(Boolean);
  return el('li', { class: 'tenant', data: { tenant: tenant.name, used: number(used) } },
    el('div', { class: 'tenant-head' }, swatch(tenant.name), el('strong', { class: 'wrap' }, tenant.name),
      el('span', { class: 'muted' }, `${tenant.tenantClass === 'LatencyCritical' ? 'latency-critical' : 'best effort'} · priority ${tenant.priority}`)),
    el('div', {
      class: `meter ${tenantClass(tenant.name)}`, role: 'meter', 'aria-label': `${tenant.name}${unit}`,
      'aria-valuemin': '0', 'aria-valuenow': number(used), 'aria-valuemax': number(scale),
      'aria-valuetext': [...words, ...more].join(', '),
    },
    el('span', { class: 'part within', vars: { '--w': share(within) } }),
    el('span', { class: 'part borrowed', vars: { '--w': share(borrowed) } }),
    Number.isNaN(guarantee) ? null : el('span', { class: 'tick guarantee', vars: { '--w': share(guarantee) }, title: `guarantee ${say(guarantee)}${unit}` }),
    Number.isNaN(limit) ? null : el('span', { class: 'tick limit', vars: { '--w': share(limit) }, title: `limit ${say(limit)}${unit}` })),
    el('div', { class: 'tenant-words' }, el('span', {}, words.join(' · ')), el('span', { class: 'muted' }, more.join(' · '))));
}

export const tenantItems = (tenants) => tenants.map(tenantItem);

const needsText = (needs) =>
  Object.entries(needs).map(([resource, n]) => `${n} × ${resource.replace('nvidia.com/', '')}`).join(', ');

/** Pods that wait; onWhy(event, pod) when somebody asks why. */
export function pendingItems(waiting, unseen, onWhy) {
  const items = waiting.map((pod) => el('li', { class: 'pending', data: { pod: `${pod.namespace}/${pod.name}` } },
    el('div', { class: 'pending-head' }, swatch(pod.tenant),
      el('a', {
        href: `../explain/${encodeURIComponent(pod.namespace)}/${encodeURIComponent(pod.name)}`,
        title: `Why? ${pod.namespace}/${pod.name}`, onclick: (event) => onWhy(event, pod),
      }, cutName(`${pod.namespace}/${pod.name}`))),
    el('p', { class: 'reason' }, pod.reason),
    el('p', { class: 'muted small' }, [
      pod.tenant, needsText(pod.needs), pod.since ? `refused for ${age(pod.since)}` : null,
      pod.reservedOn ? `slices kept on ${pod.reservedOn}` : null,
    ].filter(Boolean).join(' · '))));
  for (const [tenant, n] of Object.entries(unseen)) {
    items.push(el('li', { class: 'muted' }, swatch(tenant), ` ${n} of ${tenant} that you may not see`));
  }
  return items.length ? items : [el('li', { class: 'muted' }, 'No pod waits for slices.')];
}

const placeText = (place) =>
  `${place.profile}@${place.start} of GPU ${place.gpuIndex}${place.shares ? `, ${plural(place.shares, 'share')}` : ', whole'}`;

/** The answer to what if; onPlace(place) when somebody wants to see one. */
export function answerOf(found, onPlace) {
  const places = found.fits ? found.slices : found.reclaim.slices;
  const { quota, reclaim } = found;
  return [
    el('p', { class: `verdict ${found.fits ? 'yes' : reclaim.state === 'Possible' ? 'maybe' : 'no'}` },
      el('strong', {}, found.fits ? 'Yes' : reclaim.state === 'Possible' ? 'By reclaim' : 'No'), ' ', found.summary),
    places.length ? el('ul', { class: 'plain-list places' }, places.map((place) => el('li', {},
      el('button', { type: 'button', class: 'plain', onclick: () => onPlace(place) }, `${place.node}: ${placeText(place)}`)))) : null,
    reclaim.victims.length ? el('div', {}, el('p', {}, 'Would be evicted:'), el('ul', { class: 'plain-list victims' },
      reclaim.victims.map((victim) => el('li', {}, swatch(victim.tenant), el('span', {}, el('span', { class: 'wrap' }, holderName(victim)), el('span', { class: 'muted' }, ' ' + holderTraits(victim).join(', '))))))) : null,
    reclaim.budgets.length ? el('p', { class: 'badline' }, `Disruption budgets forbid it now: ${reclaim.budgets.join(', ')}`) : null,
    el('dl', { class: 'facts' },
      fact('Quota', quota.reason ?? (quota.standing === 'Guaranteed' ? 'within the guarantee' : quota.standing === 'Borrowing' ? 'borrowing' : quota.standing ?? 'not known')),
      reclaim.state === 'Refused' && !found.fits ? fact('Reclaim', reclaim.reason) : null,
      found.groups.filter((group) => group.reason).map((group) => fact(plural(group.nodes, 'node'), group.reason))),
  ].filter(Boolean);
}
