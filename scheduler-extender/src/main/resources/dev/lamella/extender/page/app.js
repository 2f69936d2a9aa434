import { Feed } from './feed.js';
import { Nodes } from './nodes.js';
import { answerOf, pendingItems, sliceDetails, tenantItems } from './side.js';
import { el, modeText, nodeCounts, plural, tenantClass } from './words.js';

const TOKEN = 'lamella.token';
const SAY_EVERY_MILLIS = 3_000;
const $ = (id) => document.getElementById(id);

const tenants = new Map();
let waiting = [];
let unseen = {};
let chosen = null;

const nodes = new Nodes($('nodes'), (node, gpu, slice, from) => choose({ node: node.name, uuid: slice.uuid, from }));
const feed = new Feed(take, link);

// What came in.

function take(change) {
  const gone = change.whole ? missing(nodes.names(), change.nodes) : change.gone;
  const lost = change.whole ? missing([...tenants.keys()], change.tenants) : change.tenantsGone;
  lost.forEach((name) => tenants.delete(name));
  change.tenants.forEach((tenant) => tenants.set(tenant.name, tenant));
  [...tenants.keys()].sort().forEach(tenantClass);
  const changed = nodes.update(change.nodes, gone);
  if (change.waiting) ({ waiting, waitingUnseen: unseen } = change);
  if (change.tenants.length || lost.length) showTenants();
  if (change.waiting) showPending();
  if (change.nodes.length || gone.length || change.waiting) showFigures(change.nodesTotal);
  if (change.nodes.length) { showResources(); showChosen(); showCount(); }
  if (!change.whole) say(changed, change.waiting !== undefined);
}

const missing = (names, there) => {
  const known = new Set(there.map((thing) => thing.name));
  return names.filter((name) => !known.has(name));
};

function showTenants() {
  const sorted = [...tenants.values()].sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  $('tenant-list').replaceChildren(...tenantItems(sorted));
  if (sorted.length === 0) $('tenant-list').append(el('li', { class: 'muted' }, 'No tenants.'));
  options($('ask-tenant'), sorted.map((tenant) => tenant.name));
}

function showPending() {
  const list = $('pending-list');
  const at = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  list.replaceChildren(...pendingItems(waiting, unseen, why));
  if (at) list.querySelector(`[href="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  const total = waiting.length + Object.values(unseen).reduce((a, b) => a + b, 0);
  $('pending-title').replaceChildren('Pending pods', el('span', { class: total ? 'count some' : 'count' }, String(total)));
}

function showFigures(total) {
  const sum = { whole: 0, shared: 0, free: 0, bad: 0, slices: 0 };
  let gpus = 0;
  for (const node of nodes.all()) {
    gpus += node.gpus.length;
    const count = nodeCounts(node);
    Object.keys(sum).forEach((key) => { sum[key] += count[key]; });
  }
  const figure = (name, n, kind = '') => el('div', { class: `figure ${kind}` }, el('dt', {}, name), el('dd', {}, String(n)));
  $('figures').replaceChildren(
    figure('nodes', total), figure('GPUs', gpus), figure('slices', sum.slices), figure('whole', sum.whole),
    figure('shared', sum.shared), figure('free', sum.free),
    sum.bad ? figure('unusable', sum.bad, 'bad') : '', figure('pending', waiting.length + Object.values(unseen).reduce((a, b) => a + b, 0), waiting.length ? 'some' : ''));
}

function showResources() {
  const names = new Set();
  for (const slice of nodes.all().flatMap((node) => node.gpus).flatMap((gpu) => gpu.slices)) {
    const name = slice.profile === 'gpu' ? 'gpu' : `mig-${slice.profile}`;
    names.add(name).add(`${name}.shared`);
  }
  options($('ask-resource'), [...names].sort());
}

function options(select, names) {
  const now = [...select.options].map((option) => option.value);
  if (now.join() === names.join()) return;
  const was = select.value;
  select.replaceChildren(...names.map((name) => el('option', { value: name }, name)));
  if (names.includes(was)) select.value = was;
}

// How the connection stands.

function link(kind, text) {
  $('link').dataset.kind = kind;
  const words = { live: 'live', lost: 'reconnecting', who: 'who asks?', poll: text, wait: 'connecting' }[kind];
  if ($('link-text').textContent !== words) $('link-text').textContent = words;
  $('link').title = text;
  const bad = kind === 'lost' || kind === 'who';
  $('banner').hidden = !bad;
  document.body.classList.toggle('stale', bad);
  if (bad) $('banner').textContent = kind === 'who' ? `Not allowed: ${text}. Paste a token to go on.` : `Not up to date: ${text}. Trying again.`;
}

// What is said aloud: not more than can be listened to.

let heard = 0;
let toSay = [];
let timer = null;

function say(changed, pending) {
  toSay.push(...changed.map(({ node, slice }) => `${slice.profile} at slot ${slice.start} on ${node.name} is ${modeText(slice)}`));
  if (pending) toSay.push(`${plural(waiting.length, 'pod')} pending`);
  if (toSay.length === 0 || timer) return;
  timer = setTimeout(() => {
    const more = toSay.length - 4;
    $('said').textContent = toSay.slice(0, 4).join('. ') + (more > 0 ? `, and ${more} more changes` : '') + '.';
    toSay = [];
    timer = null;
    heard = Date.now();
  }, Math.max(200, heard + SAY_EVERY_MILLIS - Date.now()));
}

// A slice.

function choose(what) {
  chosen = what;
  showChosen();
}

function showChosen() {
  const node = chosen && nodes.all().find((one) => one.name === chosen.node);
  const gpu = node?.gpus.find((one) => one.slices.some((slice) => slice.uuid === chosen.uuid));
  $('slice').hidden = !gpu;
  if (!gpu) return;
  $('slice-body').replaceChildren(sliceDetails(node, gpu, gpu.slices.find((slice) => slice.uuid === chosen.uuid)));
}

function closeSlice() {
  if (!chosen) return;
  const was = chosen;
  chosen = null;
  $('slice').hidden = true;
  if (document.activeElement === document.body || $('slice').contains(document.activeElement)) nodes.show(was.node, was.uuid);
}

$('slice-close').addEventListener('click', () => { $('slice-close').focus(); const was = chosen; closeSlice(); if (was) nodes.show(was.node, was.uuid); });
document.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !$('why').open && !$('token').open) closeSlice(); });

// Questions.

async function ask(path) {
  const answer = await fetch(path, { headers: feed.headers({ Accept: path.includes('/explain/') ? 'text/plain' : 'application/json' }), cache: 'no-store' });
  if (!answer.ok) throw new Error((await answer.text()).trim() || `status ${answer.status}`);
  return answer;
}

async function why(event, pod) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  $('why-title').textContent = `${pod.namespace}/${pod.name}`;
  $('why-text').textContent = '…';
  $('why').showModal();
  try {
    $('why-text').textContent = await (await ask(event.target.closest('a')?.getAttribute('href') ?? `../explain/${pod.namespace}/${pod.name}`)).text();
  } catch (failure) {
    $('why-text').textContent = failure.message;
  }
}

$('ask').addEventListener('submit', async (event) => {
  event.preventDefault();
  const query = new URLSearchParams({ tenant: $('ask-tenant').value, resource: $('ask-resource').value, count: $('ask-count').value, output: 'json', limit: '0' });
  $('answer').setAttribute('aria-busy', 'true');
  try {
    const found = await (await ask(`../whatif?${query}`)).json();
    $('answer').replaceChildren(...answerOf(found, (place) => { nodes.show(place.node, place.uuid); }));
    nodes.point((found.fits ? found.slices : found.reclaim.slices).map((place) => place.uuid));
  } catch (failure) {
    $('answer').replaceChildren(el('p', { class: 'badline' }, failure.message));
    nodes.point([]);
  }
  $('answer').removeAttribute('aria-busy');
});

// The bar above the map.

function showCount() {
  const text = $('filter').value.trim();
  const shown = nodes.filter(text);
  const all = nodes.all().length;
  $('shown').textContent = text ? `${shown} of ${plural(all, 'node')}` : '';
  $('empty').hidden = shown > 0;
  $('empty').textContent = all ? 'No node has such a slice.' : 'No node has reported GPUs yet.';
  $('all').textContent = nodes.allOpen ? 'Close all' : 'Open all';
}

$('filter').addEventListener('input', showCount);
$('all').addEventListener('click', () => { nodes.openAll(!nodes.allOpen); showCount(); });

// Who asks.

$('sign-in').addEventListener('click', () => $('token').showModal());
$('token').addEventListener('close', () => {
  const text = $('token-text').value.trim();
  $('token-text').value = '';
  if ($('token').returnValue === 'use' && text) sessionStorage.setItem(TOKEN, text);
  else if ($('token').returnValue === 'forget') sessionStorage.removeItem(TOKEN);
  else return;
  begin();
});

function begin() {
  const token = sessionStorage.getItem(TOKEN);
  $('sign-in').textContent = token ? 'Token ✓' : 'Token';
  link('wait', 'connecting');
  feed.start(token);
}

setInterval(() => waiting.length && showPending(), 15_000);
begin();
