import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import { asText, connectionSections } from './checklist';
import { installationSection } from './installation';
import { FULL, MACHINE } from './testReport';

const trans = nullTranslator.load('jupyter_posthog');

describe('the checklist of a connection', () => {
  it('says who, where, what works and why not, in one order', () => {
    const text = asText('us', connectionSections(FULL, trans));

    expect(text.split('\n')).toEqual([
      'us',
      '  Settings from host: the request',
      '  ✓ us.posthog.com answers (112 ms)',
      '  ✓ TLSv1.3, certificate until Dec 1 2026',
      '  ✓ Key works · Ada Lovelace · key “jupyter” …ab12',
      '  ✓ Project 1: Web app, Hedgebox',
      '  Can',
      '    ✓ List and read notebooks',
      '    ✗ Write notebooks: This key lacks notebook:write.',
      '    – Run HogQL queries: Try again.',
      '    ✗ Start, stop and restart kernels: PostHog lets no key do this. Cells start a kernel by themselves.',
      '  Scopes of the key',
      '    ✓ notebook:read',
      '    ✗ notebook:write',
      '    ✗ activity_log:read (only for history)'
    ]);
  });

  it('stops at what makes the connection unusable', () => {
    const broken = { ...FULL, is_ok: false, reason: 'key_refused', message: 'm', capabilities: {} };

    const lines = connectionSections(broken, trans).flatMap(section => section.lines);

    expect(lines.at(-1)).toEqual({
      isOk: false,
      text: 'PostHog does not know this key. Use another one.'
    });
  });

  it('says that a limit is used up, that clocks differ, and that events go elsewhere', () => {
    const odd = {
      ...FULL,
      given_host: 'https://us.i.posthog.com',
      pauses: { project: 23.4 },
      contact: {
        duration_ms: 1,
        clock_skew_s: -90,
        tls_version: null,
        certificate_until: null
      }
    };

    const text = asText('us', connectionSections(odd, trans));

    expect(text).toContain('https://us.i.posthog.com only takes events');
    expect(text).toContain('✗ The clock of this machine is 90 s behind PostHog: Set it');
    expect(text).toContain('✗ The request limit of the project is used up: Going on in 24 s.');
    expect(text).toContain('✓ Plain http, on this machine only');
  });

  it('names the project to begin with only where there are several', () => {
    const two = { ...FULL, projects: [...FULL.projects, { id: 2, name: '', organization: '' }] };

    const text = asText('us', connectionSections(two, trans));

    expect(text).toContain('Project 1: Web app, Hedgebox · begins here');
    expect(text).toContain('Project 2: without a name');
  });
});

describe('the lines of the machine', () => {
  it('are all well where everything is in its place', () => {
    const { lines } = installationSection(MACHINE, trans);

    expect(lines.filter(({ isOk }) => isOk === false)).toEqual([]);
  });

  it('say what is missing and what to run', () => {
    const bare = {
      ...MACHINE,
      kernels: [],
      is_labextension_enabled: false,
      is_server_extension_enabled: false,
      certificates: { SSL_CERT_FILE: false }
    };

    const { lines } = installationSection(bare, trans);

    expect(lines.filter(({ isOk }) => isOk === false).map(({ text }) => text)).toEqual([
      'The kernel “posthog” is not installed',
      'Lab extension disabled',
      'Server extension off',
      'SSL_CERT_FILE names nothing that exists'
    ]);
  });
});
