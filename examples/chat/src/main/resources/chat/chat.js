import { connect } from '/client/platform-kit.js';

const TYPING_ENDS_MS = 3000;
const $ = (id) => document.getElementById(id);

$('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  enter($('name').value.trim(), $('room').value.trim());
});

function enter(user, room) {
  const client = connect('/', { token: user });
  const typing = new Map(); // who types, with what ends it if nothing more is heard
  const me = { room, user_id: user };

  client.addEventListener('state', ({ detail }) => {
    $('state').textContent = `${detail.state}${detail.transport ? ` by ${detail.transport}` : ''}`;
  });
  client.addEventListener('error', ({ detail }) => notice(detail.message));
  client.join(room, () => {}, { from: 'oldest', onGap: () => notice('some messages are lost') });
  client.on('new_message', ({ payload }) => {
    line(payload.user_id, payload.message);
    showTyping(payload.user_id, false);
  });
  client.on('user_joined', ({ payload }) => notice(`${payload.user_id} is here`));
  client.on('user_left', ({ payload }) => notice(`${payload.user_id} left`));
  client.on('user_offline', ({ payload }) => {
    notice(`${payload.user_id} is offline`);
    showTyping(payload.user_id, false);
  });
  client.on('user_typing', ({ payload }) => showTyping(payload.user_id, payload.typing));

  function showTyping(who, is) {
    clearTimeout(typing.get(who));
    typing.delete(who);
    if (is) typing.set(who, setTimeout(() => showTyping(who, false), 2 * TYPING_ENDS_MS));
    $('typing').textContent = typing.size ? `${[...typing.keys()].join(', ')} …` : '';
  }

  let silence;
  $('text').addEventListener('input', () => {
    if (!silence) client.send('typing', { room });
    clearTimeout(silence);
    silence = setTimeout(stopTyping, TYPING_ENDS_MS);
  });
  function stopTyping() {
    clearTimeout(silence);
    silence = undefined;
    client.send('stop_typing', { room });
  }

  $('say').addEventListener('submit', (event) => {
    event.preventDefault();
    const message = $('text').value;
    $('text').value = '';
    if (silence) stopTyping();
    client.request('send_message', { room, message }).catch((failure) => notice(failure.message));
  });
  $('enter').hidden = true;
  $('chat').hidden = false;
  $('text').focus();
  globalThis.chat = { client, me }; // for the console of a curious reader
}

function line(who, text) {
  const name = document.createElement('b');
  name.textContent = who;
  const item = document.createElement('li');
  item.append(name, text);
  $('lines').append(item);
}

function notice(text) {
  const item = document.createElement('li');
  item.className = 'notice';
  item.textContent = text;
  $('lines').append(item);
}
