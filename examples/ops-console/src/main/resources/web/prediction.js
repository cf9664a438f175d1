// A form made of a model's schema, which sends one prediction and shows the answer.

import * as api from './api.js';
import { byId, element } from './dom.js';
import { millis, number, percent } from './format.js';

const SERVABLE = ['staged', 'shadow', 'canary', 'production'];

/** What can be entered for each type of feature, and what is sent of it; undefined: nothing. */
const KINDS = {
  NUMBER: { input: () => element('input', { inputmode: 'decimal' }), value: ({ value }) => numeric(value) },
  BOOLEAN: { input: () => element('input', { type: 'checkbox' }), value: ({ checked }) => checked },
  CATEGORY: { input: ({ codes }) => select(Object.keys(codes)), value: ({ value }) => value || undefined },
  DATE: { input: () => element('input', { type: 'date' }), value: ({ value }) => value || undefined },
  VECTOR: {
    input: () => element('input', { inputmode: 'decimal' }),
    value: ({ value }) => (value.trim() ? value.split(',').map(numeric) : undefined),
  },
  TEXT: { input: () => element('input'), value: ({ value }) => value || undefined },
};

/** What is no number is sent as it is, for the model to say what is wrong with it. */
function numeric(text) {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

function select(words) {
  return element('select', {}, element('option', { value: '' }, '–'), ...words.map((word) => element('option', { value: word }, word)));
}

function day(days) {
  return new Date(days * 86_400_000).toISOString().slice(0, 10);
}

function hint({ type, width, min, max, fallback }) {
  const shown = type === 'DATE' ? day : String;
  const range = [
    known(width) ? `${width} numbers with commas between` : '',
    known(min) ? `from ${shown(min)}` : '',
    known(max) ? `to ${shown(max)}` : '',
  ];
  const text = range.filter(Boolean).join(' ');
  return known(fallback) && type !== 'BOOLEAN' ? `${text}${text && '; '}else ${fallback}` : text;
}

const known = (value) => value !== null && value !== undefined;

class Field {
  constructor(feature, place) {
    const id = `feature-${place}`;
    this.name = feature.name;
    this.kind = KINDS[feature.type];
    this.input = this.kind.input(feature);
    this.input.id = id;
    this.input.name = feature.name;
    this.input.autocomplete = 'off';
    this.input.checked = feature.fallback === true;
    this.input.setAttribute('aria-describedby', `${id}-hint ${id}-fault`);
    this.fault = element('p', { class: 'bad', id: `${id}-fault` });
    this.node = element(
      'div',
      { class: 'field' },
      element('label', { for: id }, feature.name),
      this.input,
      element('p', { class: 'muted', id: `${id}-hint` }, hint(feature)),
      this.fault,
    );
  }

  value() {
    return this.kind.value(this.input);
  }

  show(fault) {
    this.fault.textContent = fault ? `${fault.given}: must be ${fault.expected}` : '';
    this.input.setAttribute('aria-invalid', String(fault !== undefined));
  }
}

export class PredictionForm {
  constructor() {
    this.drawn = '';
    this.fields = [];
    byId('predict-version').addEventListener('change', () => this.draw());
    byId('predict').addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
  }

  /** Draws anew only what has changed, so that what was entered stays. */
  show(model, versions) {
    const servable = versions.filter(({ stage }) => SERVABLE.includes(stage));
    const state = JSON.stringify([model, servable.map(({ version, stage, schema }) => [version, stage, schema])]);
    if (state === this.state) return;
    this.state = state;
    this.versions = servable;
    this.offer(model);
    this.draw();
  }

  offer(model) {
    const before = this.model === model ? byId('predict-version').value : '';
    const options = this.versions.map(({ version, stage }) => element('option', { value: version }, `${version}, ${stage}`));
    byId('predict-version').replaceChildren(element('option', { value: '' }, 'the one in production'), ...options);
    byId('predict-version').value = this.versions.some(({ version }) => version === before) ? before : '';
    this.model = model;
  }

  draw() {
    const version = byId('predict-version').value;
    const chosen = this.versions.find((one) => (version ? one.version === version : one.stage === 'production'));
    const features = chosen?.schema?.features ?? [];
    const drawn = JSON.stringify([this.model, features]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.fields = features.map((feature, place) => new Field(feature, place));
    byId('features').replaceChildren(...this.fields.map(({ node }) => node));
    byId('answer').textContent = '';
    this.showError('');
  }

  async send() {
    const features = Object.fromEntries(this.fields.map((field) => [field.name, field.value()]));
    byId('answer').textContent = '';
    try {
      const answer = await api.predict(this.model, byId('predict-version').value, features);
      this.showFaults([]);
      this.showError('');
      byId('answer').textContent = inWords(answer);
    } catch (failure) {
      const elsewhere = this.showFaults(failure.faults ?? []);
      this.showError(elsewhere ? failure.message : '');
    }
  }

  /** Puts each fault beside its field; whether something is wrong that has none. */
  showFaults(faults) {
    this.fields.forEach((field) => field.show(faults.find(({ feature }) => feature === field.name)));
    const first = this.fields.find((field) => field.input.ariaInvalid === 'true');
    first?.input.focus();
    return first === undefined;
  }

  showError(text) {
    byId('predict-error').textContent = text;
    byId('predict-error').hidden = text === '';
  }
}

function inWords({ prediction, probability, confidence_level: confidence, model_version: version, latency_ms: took }) {
  const said = probability === undefined
    ? number(prediction, 2)
    : `Class ${prediction}; probability of class 1 is ${percent(100 * probability)}, confidence ${confidence}`;
  return `${said} · ${version} · ${took === 0 ? 'from the cache' : millis(took)}`;
}
