// A notebook of PostHog in a box: readable, its Markdown editable, following what others save.
'use strict';

const POLL_INTERVAL_MS = 3000;
const api = document.body.dataset.api;
const clientId = `page-${crypto.randomUUID()}`;
const byId = id => document.getElementById(id);
let record = null;

function cookie(name) {
  const found = document.cookie.split('; ').find(part => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

function request(path, options = {}) {
  const headers = { 'X-CSRFToken': cookie('posthog_csrftoken'), ...options.headers };
  return fetch(`${api}${path}`, { ...options, headers, cache: 'no-store' });
}

function markdown() {
  return record.content.content[0].attrs.markdown;
}

function isEditing() {
  return !byId('text').hidden;
}

/** Show the stored notebook; while somebody types here, only say that there is a newer one. */
async function show(newer) {
  const wasKnown = record !== null;
  if (isEditing()) {
    if (newer.version !== record.version) {
      byId('notice').textContent =
        'Somebody saved this notebook while you were editing. Saving will tell you.';
    }
    return;
  }
  record = newer;
  byId('title').textContent = record.title || 'Untitled';
  byId('state').textContent =
    `Version ${record.version}, saved ${new Date(record.last_modified_at).toLocaleTimeString()}`;
  if (wasKnown) {
    byId('notebook').innerHTML = await (
      await fetch('?part=notebook', { cache: 'no-store' })
    ).text();
  }
}

/** Ask for the notebook, unless it is the one that is shown. */
async function refresh() {
  const headers = record && !isEditing() ? { 'If-None-Match': String(record.version) } : {};
  const answer = await request('', { headers });
  if (answer.ok) {
    await show(await answer.json());
  } else if (answer.status === 404) {
    byId('notice').textContent = 'This notebook was deleted.';
  }
}

function setEditing(isOn) {
  byId('text').hidden = !isOn;
  byId('save').hidden = !isOn;
  byId('cancel').hidden = !isOn;
  byId('edit').hidden = isOn;
  byId('notebook').hidden = isOn;
}

function edit() {
  byId('text').value = markdown();
  byId('notice').textContent = '';
  setEditing(true);
  byId('text').focus();
}

async function cancel() {
  setEditing(false);
  byId('notice').textContent = '';
  await refresh();
}

async function save() {
  const text = byId('text').value;
  const content = structuredClone(record.content);
  content.content[0].attrs.markdown = text;
  const body = JSON.stringify({
    client_id: clientId,
    version: record.version,
    content,
    text_content: text
  });
  const answer = await request('collab/markdown_save/', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body
  });
  if (answer.ok) {
    setEditing(false);
    byId('notice').textContent = '';
    await show(await answer.json());
  } else if (answer.status === 409 || answer.status === 410) {
    record = await (await request('')).json();
    byId('notice').textContent =
      `Somebody saved version ${record.version} meanwhile. Save again to replace it, or cancel to see it.`;
  } else {
    byId('notice').textContent = `Not saved: ${(await answer.json()).detail ?? answer.status}`;
  }
}

byId('edit').hidden = document.body.dataset.editable !== 'true';
byId('edit').addEventListener('click', edit);
byId('save').addEventListener('click', save);
byId('cancel').addEventListener('click', cancel);
new EventSource(`${api}collab/stream/`).addEventListener('update', refresh);
// Saves that are not live, such as a PATCH, are told to nobody.
setInterval(refresh, POLL_INTERVAL_MS);
refresh();
