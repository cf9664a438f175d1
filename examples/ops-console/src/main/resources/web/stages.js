// The versions of a model with their stages, the moves of whoever may, and the history of all moves.

import * as api from './api.js';
import { byId, element } from './dom.js';
import { moment, number } from './format.js';

const ADMIN = 'admin';
const MOVES = { staged: 'Stage', shadow: 'Shadow', canary: 'Canary', production: 'Promote', failed: 'Fail' };
const NOBODY = 'Without a login nobody may change stages: start the console with --keys';

const time = (text) => (text ? moment(Date.parse(text)) : '–');

/** Asks for a reason, then makes a change; stays open while the change is refused. */
class Change {
  constructor(onMade) {
    this.onMade = onMade;
    byId('cancel').addEventListener('click', () => byId('change').close());
    byId('change-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.make();
    });
  }

  ask(title, label, act) {
    this.act = act;
    byId('change-title').textContent = title;
    byId('confirm').textContent = label;
    byId('reason').value = '';
    byId('change-error').hidden = true;
    byId('change').showModal();
  }

  async make() {
    byId('confirm').disabled = true;
    try {
      await this.act(byId('reason').value.trim() || undefined);
      byId('change').close();
      this.onMade();
    } catch (failure) {
      byId('change-error').textContent = `Not changed: ${failure.message}`;
      byId('change-error').hidden = false;
    } finally {
      byId('confirm').disabled = false;
    }
  }
}

export class Stages {
  /** onChange is called after each move that was made here. */
  constructor(onChange) {
    this.change = new Change(onChange);
    this.mayMove = false;
    this.drawn = '';
    byId('rollback').addEventListener('click', () => this.rollBack());
    this.askRole(onChange);
  }

  async askRole(onKnown) {
    const who = await api.session().catch(() => ({}));
    this.mayMove = who.roles?.includes(ADMIN) ?? false;
    byId('role').textContent = this.mayMove ? '' : who.id ? `Changes need the role ${ADMIN}` : NOBODY;
    byId('moves-title').hidden = !this.mayMove;
    onKnown();
  }

  /** Draws anew only what has changed; a focus stays in its row. */
  show(model, versions, transitions) {
    this.model = model;
    const state = JSON.stringify([model, versions, transitions.length, this.mayMove]);
    if (state === this.drawn) return;
    this.drawn = state;
    byId('rollback').hidden = !this.mayMove || !versions.some(({ stage }) => stage === 'retired');
    const focused = document.activeElement.closest('#versions tr')?.id;
    byId('versions').replaceChildren(...versions.map((version) => this.row(version)));
    byId(focused)?.querySelector('button')?.focus();
    byId('transitions').replaceChildren(...transitions.toReversed().map(transition));
  }

  row(version) {
    const { version: name, stage, algorithm, metrics } = version;
    const figures = Object.entries(metrics).map(([metric, value]) => `${metric} ${number(value, 4)}`);
    const cells = [
      algorithm ?? '–', figures.join(', ') || '–',
      time(version.created_at), time(version.deployed_at), time(version.retired_at),
    ];
    return element(
      'tr',
      { id: `version-${name}`, 'data-stage': stage },
      element('th', { scope: 'row' }, name),
      element('td', {}, element('span', { class: 'stage' }, stage)),
      ...cells.map((cell) => element('td', {}, cell)),
      ...(this.mayMove ? [this.moves(version)] : []),
    );
  }

  /** No version is retired by hand: that is what its successor does. */
  moves({ version, may_become: stages }) {
    const buttons = stages.filter((stage) => stage in MOVES).map((stage) => this.button(version, stage));
    return element('td', { class: 'moves' }, ...buttons);
  }

  button(version, stage) {
    const label = MOVES[stage];
    const model = this.model;
    const button = element(
      'button',
      { type: 'button', class: 'button', 'data-to': stage, 'aria-label': `${label} ${model} ${version}` },
      label,
    );
    button.addEventListener('click', () =>
      this.change.ask(`Move ${model} ${version} to ${stage}?`, label, (reason) => api.move(model, version, stage, reason)),
    );
    return button;
  }

  rollBack() {
    const model = this.model;
    this.change.ask(`Bring back the version of ${model} that served before?`, 'Roll back', (reason) =>
      api.rollback(model, reason),
    );
  }
}

function transition({ at, version, from, to, actor, reason }) {
  const cells = [time(at), version, `${from ?? 'new'} → ${to ?? 'deleted'}`, actor ?? '–', reason ?? '–'];
  return element('tr', {}, ...cells.map((cell) => element('td', {}, cell)));
}
