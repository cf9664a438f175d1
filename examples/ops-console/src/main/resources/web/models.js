// The Models page: which versions there are, how they do, and what they say.

import * as api from './api.js';
import { byId, element } from './dom.js';
import { Figures } from './figures.js';
import * as head from './head.js';
import { Feed } from './live.js';
import { buildCharts, METRICS } from './model-charts.js';
import { PredictionForm } from './prediction.js';
import { Stages } from './stages.js';

const REFRESH_MS = 2000;

const stages = new Stages(refresh);
const figures = new Figures();
const form = new PredictionForm();
const charts = buildCharts(byId('charts'), () => shown);
let shown = null;
let round = 0;

function wanted(models) {
  const named = location.hash.slice(1);
  return models.includes(named) ? named : models[0];
}

function choice(model) {
  const button = element('button', { type: 'button', id: `model-${model}` }, model);
  button.addEventListener('click', () => (location.hash = model));
  return button;
}

function chooser(models) {
  const known = [...byId('models').children];
  const same = known.length === models.length && known.every((button, i) => button.textContent === models[i]);
  if (!same) byId('models').replaceChildren(...models.map(choice));
  for (const button of byId('models').children) button.setAttribute('aria-pressed', button.textContent === shown);
}

function showServing({ models }) {
  const { version, trouble } = models.find(({ model }) => model === shown) ?? {};
  const text = version ? `${shown} ${version} answers` : `no version of ${shown} answers`;
  if (byId('serving').textContent !== text) byId('serving').textContent = text; // it is read out
  byId('trouble').textContent = trouble ?? '';
  byId('trouble').hidden = !trouble;
}

async function showModel(model) {
  const [versions, transitions, serving] = await Promise.all([
    api.versions(model),
    api.transitions(model),
    api.serving(),
  ]);
  return () => {
    stages.show(model, versions, transitions);
    figures.show(model, serving.versions);
    form.show(model, versions);
    showServing(serving);
  };
}

/** Asks and shows; an answer that a later one has overtaken is not shown. */
async function refresh() {
  const mine = ++round;
  try {
    const [health, models] = await Promise.all([api.health(), api.models()]);
    const names = models.map(({ model }) => model).sort();
    const model = wanted(names);
    const show = await showModel(model);
    if (mine !== round) return;
    shown = model;
    head.showHealth(health);
    chooser(names);
    show();
  } catch (failure) {
    if (mine === round) head.showOutage(failure);
  }
}

head.start();
refresh();
addEventListener('hashchange', refresh);
setInterval(() => document.hidden || refresh(), REFRESH_MS);
new Feed({ metrics: METRICS, onData: charts, onState: () => {} }).start();
